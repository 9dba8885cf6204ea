"""Nobody but the bidder itself learns who bids before the end: a census of pages, JSON, stream, notices."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage, somebody
from sqlalchemy import select
from stories import crawler

from auctions import service
from auctions.live.fanout import hub
from auctions.models import Registration
from auctions.refusals import IdentityReason
from auctions.rules import Action
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.notices.models import Notice

from .builders_of_auctions import a_bidder, a_sale
from .test_secrecy import carols, daves, leaks

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    """Carol leads through a maximum, Dave was outbid: the auction runs."""
    played = a_stage(app, clock)
    played.bid(played.carol, "150000.00", Action.PROXY)
    played.bid(played.dave, "110000.00")
    return played


def names(stage: Stage, *, but: str = "") -> tuple[str, ...]:
    """What tells who Carol and Dave are; the id of a registration tells nothing."""
    found = {"carol": carols(stage)[:3], "dave": daves(stage)[:3]}
    return tuple(name for who, told in found.items() if who != but for name in told)


def test_no_page_of_the_auction_names_a_bidder_before_the_end(
    app: Flask, client: FlaskClient, stage: Stage
) -> None:
    regulator = somebody(app, InstitutionKind.REGULATOR, "Rita", "The Regulator")
    for reader in (client, stage.alice.client, stage.olga.client, regulator.client):
        assert leaks(app, stage, reader, names(stage)) == []
    assert leaks(app, stage, stage.carol.client, names(stage, but="carol")) == []
    assert leaks(app, stage, stage.dave.client, names(stage, but="dave")) == []
    assert hub().idle(5)


def test_no_page_at_all_shows_a_name_beside_its_alias(app: Flask, client: FlaskClient, stage: Stage) -> None:
    pairs = [(stage.alias("carol"), carols(stage)[0]), (stage.alias("dave"), daves(stage)[0])]
    known = crawler.ids()
    with app.test_request_context():
        paths = [path for rule in crawler.readable(app) for path in crawler.addresses(rule, known)]
    for reader in (client, stage.alice.client, stage.olga.client):
        for path in paths:
            text = crawler.first_part(reader.get(path, buffered=False))
            assert not [pair for pair in pairs if pair[0] in text and pair[1] in text], path
    assert hub().idle(5)


def test_no_notice_to_anybody_else_names_a_bidder(stage: Stage) -> None:
    for notice in db.session.scalars(select(Notice)):
        told = " ".join(map(str, vars(notice).values()))
        if notice.institution_id != stage.carol.institution.id:
            assert stage.carol.institution.name not in told
        if notice.institution_id != stage.dave.institution.id:
            assert stage.dave.institution.name not in told


def test_an_alias_is_fresh_for_every_auction(app: Flask) -> None:
    with atomic() as session:
        carol, first = a_bidder(session, a_sale(session))
        aliases = [first.alias]
        for _ in range(20):
            sale = a_sale(session)
            aliases.append(service.register(session, carol, sale.auction.id).alias)
        registered = session.scalars(select(Registration.alias)).all()
    assert len(set(aliases)) == len(aliases) == len(registered)
    assert {len(alias) for alias in aliases} == {5}
    # Nothing of the bidder is in it: 21 draws of 5 letters from 32 show most of the alphabet.
    assert len(set("".join(aliases))) > 20


def test_a_court_sale_names_nobody_to_the_seller_before_the_end(app: Flask, clock: FixedClock) -> None:
    court = a_stage(
        app, clock, rule_pack="cn-court", reserve_minor=None, reference_price_minor=10_000_000, options={}
    )
    registration = court.registrations["carol"]
    with atomic() as session, pytest.raises(Refused) as refused:
        service.see_identity(session, court.alice.actor, registration.id, "to check")
    assert refused.value.reason is IdentityReason.SECRET_BY_LAW
    mallory = somebody(app, InstitutionKind.BANK, "Mallory", "Another Bank")
    with atomic() as session, pytest.raises(NotFound):
        service.see_identity(session, mallory.actor, registration.id, "to check")
    shown = court.alice.client.get(f"{court.url}/bidders").get_data(as_text=True)
    assert "Ask who this is" not in shown
