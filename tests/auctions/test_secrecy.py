"""Before the end nobody learns another bidder's identity, a maximum, or a secret reserve (I17)."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage, somebody
from sqlalchemy import select
from werkzeug.routing import Rule

from auctions.confirmations.issuing import issue_due
from auctions.live.fanout import hub
from auctions.models import Confirmation
from auctions.rules import Action
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import db

# As minor units, as decimals, with thousands, and cut to the digits that would betray them.
MAXIMUM = ("177777", "177,777")
RESERVE = ("123456", "123,456")
REFUSED = ("100500", "100,500")

# After the end the record holds every amount, so that the rules can be run again; before it there is none.
RECORD = ("/replay", "/record.json", "/record")


def addresses(app: Flask, stage: Stage) -> Iterator[str]:
    """Every address of auctions that can be asked with GET."""
    values = {
        "auction_id": stage.auction.id,
        "lot_id": stage.lot.id,
        "registration_id": stage.registrations["carol"].id,
        "sequence": 1,
        "code": db.session.scalar(select(Confirmation.code)) or "A" * 20,
    }
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.split(".")[0] in {"auctions", "auctions_api"} and "GET" in (rule.methods or ()):
                yield from _variants(rule, values)


def _variants(rule: Rule, values: dict[str, object]) -> Iterator[str]:
    built = rule.build({name: values.get(name, uuid.UUID(int=7)) for name in rule.arguments})
    assert built
    yield built[1]
    if rule.endpoint.endswith(("blotter", "auctions")):
        yield f"{built[1]}?show=upcoming"
        yield f"{built[1]}?show=ended"


def read(client: FlaskClient, address: str) -> str:
    """The whole answer; of a stream, what comes until the first state."""
    answer = client.get(address, headers={"Accept-Language": "en"}, buffered=False)
    if answer.mimetype != "text/event-stream":
        return answer.get_data(as_text=True)
    text = ""
    for part in answer.iter_encoded():
        text += part.decode()
        if "event: state" in text:
            break
    answer.close()
    return text


def leaks(
    app: Flask, stage: Stage, client: FlaskClient, secrets: tuple[str, ...], but: tuple[str, ...] = ()
) -> list[str]:
    """Where what is said to whom; addresses that end with one of `but` are passed over."""
    found = []
    for address in addresses(app, stage):
        if but and address.endswith(but):
            continue
        text = read(client, address)
        found += [f"{address}: {secret}" for secret in secrets if secret in text]
    return found


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    """Carol leads through a hidden maximum, Dave was refused once and outbid once."""
    played = a_stage(app, clock)
    played.bid(played.carol, "177777.00", Action.PROXY)
    played.bid(played.dave, "100500.00")
    played.bid(played.dave, "110000.00")
    return played


def carols(stage: Stage) -> tuple[str, ...]:
    return (
        stage.carol.institution.name,
        str(stage.carol.institution.id),
        stage.carol.person.email,
        str(stage.registrations["carol"].id),
    )


def daves(stage: Stage) -> tuple[str, ...]:
    return (stage.dave.institution.name, str(stage.dave.institution.id), stage.dave.person.email)


def test_case_12_the_public_learns_prices_and_aliases_only(
    app: Flask, client: FlaskClient, stage: Stage
) -> None:
    """A hidden reserve and a maximum stood in JSON, in meta tags and in the stream."""
    assert leaks(app, stage, client, (*MAXIMUM, *RESERVE, *REFUSED, *carols(stage), *daves(stage))) == []
    assert "111,000.00 CNY" in read(client, stage.url)
    assert hub().idle(5)


def test_case_12_a_rival_learns_no_more(app: Flask, stage: Stage) -> None:
    """The same for whoever is signed in and bids."""
    assert leaks(app, stage, stage.dave.client, (*MAXIMUM, *RESERVE, *carols(stage))) == []
    asked = {"amount": "150000.00", "idempotency_key": "confirm-before-12"}
    confirm = stage.dave.client.post(f"{stage.url}/bids", data=asked).get_data(as_text=True)
    assert not [secret for secret in (*MAXIMUM, *RESERVE, *carols(stage)) if secret in confirm]


def test_seller_operator_and_regulator_learn_no_maximum(app: Flask, stage: Stage) -> None:
    regulator = somebody(app, InstitutionKind.REGULATOR, "Rita", "The Regulator")
    for who in (stage.alice, stage.olga, regulator):
        assert leaks(app, stage, who.client, MAXIMUM) == []
    for who in (stage.olga, regulator):
        assert leaks(app, stage, who.client, (*RESERVE, *carols(stage), *daves(stage))) == []


def test_the_seller_cannot_match_names_with_aliases(app: Flask, stage: Stage) -> None:
    for address in addresses(app, stage):
        text = read(stage.alice.client, address)
        assert not (stage.carol.institution.name in text and stage.alias("carol") in text), address


def test_the_winner_stays_an_alias_for_the_public_after_the_end(
    app: Flask, client: FlaskClient, stage: Stage, clock: FixedClock
) -> None:
    stage.closes(clock)
    issue_due()
    assert leaks(app, stage, client, (*RESERVE, *carols(stage), *daves(stage))) == []
    assert leaks(app, stage, client, (*MAXIMUM, *REFUSED), but=RECORD) == []
    assert leaks(app, stage, stage.dave.client, (*RESERVE, *carols(stage))) == []
    assert leaks(app, stage, stage.dave.client, MAXIMUM, but=RECORD) == []
