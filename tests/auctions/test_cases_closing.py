"""Cases 8, 22 and 23: who may not bid, a bid beside the close, auctions that vanished or ended too soon."""

import uuid
from datetime import timedelta

import pytest
from builders import BOTH, a_mandate, a_person, an_actor, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage, somebody
from sqlalchemy import func, select

from auctions import service
from auctions.models import JournalEntry, Registration
from auctions.rules import Action, Outcome
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.parties.models import Institution

from .builders_of_auctions import a_bidder, a_sale, bid, opening, tick
from .builders_of_fair_play import a_tie
from .builders_of_steps import auctioned_again, terms

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

BUYER, AGENCY = InstitutionKind.BUYER, InstitutionKind.AGENCY


def related(app: Flask, stage: Stage) -> dict[str, FlaskClient]:
    """Everybody who stands on the seller's side of the auction, signed in, by what they are."""
    with atomic() as session:
        seller = session.get_one(Institution, stage.alice.institution.id)
        colleague = a_person(session, seller, "Amy", BOTH)
    agency, sister = (
        somebody(app, AGENCY, "Ben", "Selling Agency"),
        somebody(app, BUYER, "Sue", "Sister Company"),
    )
    with atomic() as session:
        a_mandate(session, session.get_one(Institution, agency.institution.id), seller)
        olga = an_actor(session, InstitutionKind.OPERATOR)
        a_tie(session, olga, session.get_one(Institution, sister.institution.id), seller)
    return {
        "seller": stage.alice.client,
        "colleague of the seller": signed_in(app.test_client(), colleague),
        "selling agency": agency.client,
        "company of the seller's group": sister.client,
        "operator": stage.olga.client,
    }


def asked_for(stage: Stage, client: FlaskClient, **more: str) -> list[int]:
    """What the forged posts of one party are answered with: to register, to bid, by form and as JSON."""
    sure = {"confirmed": "yes", "seen_price": "none", "idempotency_key": uuid.uuid4().hex}
    body = {"action": "bid", "amount": "100000.00", "idempotency_key": uuid.uuid4().hex}
    return [
        client.post(f"{stage.url}/register", data={"rules_read": "y", **more}).status_code,
        client.post(f"{stage.url}/bids", data={"amount": "100000.00", **sure}).status_code,
        client.post(f"{stage.url}/maximum", data={"maximum": "100000.00", **sure}).status_code,
        client.post(f"/api{stage.url}/bids", json=body).status_code,
    ]


def stored(stage: Stage) -> tuple[int, ...]:
    """How many may bid and how much was bid."""
    counts = (select(func.count()).select_from(model) for model in (Registration, JournalEntry))
    with atomic() as session:
        return tuple(session.scalar(count) or 0 for count in counts)


def test_case_08_a_forged_bid_of_a_related_party_is_refused_and_not_stored(
    app: Flask, clock: FixedClock
) -> None:
    """The button was hidden from the seller and those beside it, but the address behind it worked."""
    stage = a_stage(app, clock)
    parties = related(app, stage)
    before = stored(stage)
    for party, client in parties.items():
        answers = asked_for(stage, client)
        assert set(answers) <= {403, 422}, party
    staff = ("seller", "colleague of the seller", "operator")
    assert [set(asked_for(stage, parties[name])) for name in staff] == [{403}] * 3
    assert stored(stage) == before == (2, 0)
    stranger = somebody(app, BUYER, "Erin", "Erin Engines")
    assert asked_for(stage, stranger.client)[0] == 303


def test_case_08_an_agency_that_sells_the_lot_may_not_bid_for_a_client_either(
    app: Flask, clock: FixedClock
) -> None:
    """The same with an honest buyer's mandate in hand, and for a lot that somebody else brought in."""
    stage = a_stage(app, clock)
    agency = somebody(app, AGENCY, "Ben", "Selling Agency")
    with atomic() as session:
        own = session.get_one(Institution, agency.institution.id)
        a_mandate(session, own, session.get_one(Institution, stage.alice.institution.id), lot_id=stage.lot.id)
        buying = a_mandate(session, own, an_institution(session, BUYER))
        with pytest.raises(Refused, match="selling_agency"):
            service.register(session, agency.actor, stage.auction.id, mandate_id=buying.id)
    assert set(asked_for(stage, agency.client, mandate_id=str(buying.id))) == {422}
    assert stored(stage) == (2, 0)
    other = somebody(app, AGENCY, "Bob", "Buying Agency")
    with atomic() as session:
        own = session.get_one(Institution, other.institution.id)
        honest = a_mandate(session, own, an_institution(session, BUYER))
    assert asked_for(stage, other.client, mandate_id=str(honest.id))[0] == 303


def test_case_22_the_end_decides_and_not_whether_the_worker_has_come(app: Flask, clock: FixedClock) -> None:
    """A bid after the end was taken because the closing job had not run yet."""
    with atomic() as session:
        sale = a_sale(session)
        carol, dave = (a_bidder(session, sale)[0] for _ in range(2))
        end = opening(sale) + timedelta(hours=24)
        clock.move_to(end)
        assert bid(session, carol, sale, "100000.00").decision == "refused:closed"
        assert sale.auction.outcome is Outcome.OPEN
        assert bid(session, dave, sale, "100000.00", action=Action.BID).decision == "refused:closed"
        tick(session)
        assert (sale.auction.outcome, sale.auction.bid_count) == (Outcome.UNSOLD, 0)
        another = a_sale(session)
        carol, _ = a_bidder(session, another)
        clock.move_to(opening(another) + timedelta(hours=24) - timedelta(microseconds=1))
        assert bid(session, carol, another, "100000.00").decision == "accepted"


def test_case_23_the_first_bid_of_a_new_attempt_does_not_end_it(app: Flask, clock: FixedClock) -> None:
    """An auction that was listed again took the old end for its own, and closed on its first bid."""
    with atomic() as session:
        sale = a_sale(session, rule_pack="cn-state")
        clock.move_to(opening(sale) + timedelta(days=2))
        tick(session)
        assert sale.auction.outcome is Outcome.UNSOLD
        again = auctioned_again(session, sale.bank, sale.lot, terms(10_000_000))
        carol = an_actor(session, BUYER)
        service.register(session, carol, again.id)
        clock.move_to(again.opens_at)
        entry = service.place(session, carol, again.id, Action.BID, "100000.00", uuid.uuid4().hex)
        assert entry.decision == "accepted"
        tick(session)
        assert again.outcome is Outcome.OPEN
        assert again.closes_at == again.opens_at + timedelta(days=1)


def test_case_23_every_end_is_on_the_sellers_lists(app: Flask, clock: FixedClock) -> None:
    """An auction that ended below its reserve was on no list of the seller's any more."""
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "100000.00")
    ends = {Outcome.UNSOLD: stage.auction.id}
    with atomic() as session:
        seller = session.get_one(Institution, stage.alice.institution.id)
        for outcome, amount in ((Outcome.SOLD, "100000.00"), (Outcome.CANCELLED, None)):
            sale = a_sale(session)
            sale.auction.institution_id = sale.lot.institution_id = seller.id
            carol, _ = a_bidder(session, sale)
            ends[outcome] = sale.auction.id
            clock.move_to(max(clock.moment, opening(sale)))
            if amount is not None:
                bid(session, carol, sale, amount)
            else:
                service.control(session, sale.operator, sale.auction.id, Action.CANCEL, "Wrong terms")
    clock.advance(days=2)
    with atomic() as session:
        tick(session)
    stage.everybody_signs_in()
    shown = stage.alice.client.get("/auctions?show=ended").text
    listed = stage.alice.client.get("/api/auctions?show=ended").get_json()["auctions"]
    assert {one["auction"]: one["outcome"] for one in listed} == {
        str(key): str(end) for end, key in ends.items()
    }
    portfolio = stage.alice.client.get("/portfolio").text
    for auction_id in ends.values():
        assert f"/auctions/{auction_id}" in shown
    lots = db.session.scalars(select(Registration).where(Registration.auction_id.in_(ends.values())))
    for lot_id in {registration.auction.lot_id for registration in lots}:
        assert f"/portfolio/lots/{lot_id}" in portfolio
