"""The pages of the estimate contest: what is seen before the opening, and what after it."""

import uuid

import pytest
from builders import a_lot, an_institution, signed_in
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.listings.models import Lot
from marketplace.rule_packs import ConsentTier
from transactions.contest import rules, service
from transactions.contest.models import ContestResult

from .contest_cast import BANK, PRICE, estimate, sell, somebody
from .tampering import tamper


@pytest.fixture
def lot(client: FlaskClient) -> Lot:
    with atomic() as session:
        return a_lot(session, an_institution(session, BANK), rule_pack="open")


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.text


def test_the_pages_of_a_contest(client: FlaskClient, session: Session, lot: Lot, clock: FixedClock) -> None:
    with atomic() as writing:
        _, ann = somebody(writing, name="Bright Appraisers")
        _, mallory = somebody(writing, name="Mallory's")
    address = f"/contest/lots/{lot.id}"
    assert "are under seal until its outcome" in page(client, address)
    assert client.post(f"{address}/file").status_code in {302, 303, 401, 403}
    signed_in(client, ann)
    assert lot.title in page(client, "/contest")
    bad = client.post(f"{address}/file", data={"value": "x", "low": "1", "high": ""})
    assert (bad.status_code, "Write the amount in digits" in bad.text) == (422, True)
    turned = client.post(f"{address}/file", data={"value": "100", "low": "200", "high": "300"})
    assert (turned.status_code, "must lie between" in turned.text) == (422, True)
    data = {"value": "130,500", "low": "100000", "high": "150000.00", "note": "by comparables"}
    assert client.post(f"{address}/file", data=data).status_code == 303
    assert "130,500.00" in page(client, address)
    signed_in(client, mallory)
    assert "130,500.00" not in page(client, address)
    sell(lot)
    after = page(client, address)
    assert ("130,500.00" in after, "Bright Appraisers" in after, "not named" in after) == (True, False, True)
    signed_in(client, ann)
    own = page(client, "/contest/mine")
    assert ("130,500.00" in own, "130,000.00" in own, "chart-square" in own) == (True, True, True)
    visitor = client.application.test_client()
    assert client.post("/contest/mine/named", data={"named": "y"}).status_code == 303
    assert "Bright Appraisers" in page(visitor, address)
    clock.advance(seconds=1)
    assert client.post("/contest/mine/named", data={}).status_code == 303
    assert "Bright Appraisers" not in page(visitor, address)
    page(client, f"/contest/lots/{uuid.uuid4()}", 404)
    tamper("UPDATE transaction_records SET consent_tier = 'sealed'")
    session.expire_all()
    hidden = page(client, address)
    assert ("130,500.00" in hidden, "keep its price back" in hidden) == (False, True)
    assert "130,000.00" not in page(client, "/contest/mine")


def test_the_league_table_names_those_who_agreed(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LEAST_SCORED", 1)
    with atomic() as writing:
        bank = an_institution(writing, BANK)
        lots = [a_lot(writing, bank, rule_pack="open") for _ in range(2)]
        kept_back = a_lot(writing, bank, rule_pack="open", consent_tier=ConsentTier.POOL)
        (one, _), (two, _) = (
            somebody(writing, name="Bright Appraisers"),
            somebody(writing, name="Shy Appraisers"),
        )
        service.say_named(writing, one, named=True)
        service.say_named(writing, two, named=False)
    for lot in lots:
        estimate(one, lot, PRICE - 100)
        estimate(two, lot, PRICE * 3)
        sell(lot)
    assert len(session.scalars(select(ContestResult.id)).all()) == 2
    text = page(client, "/contest?family=patent")
    assert ("Bright Appraisers" in text, "Shy" in text, "200 %" in text) == (True, False, True)
    # The step of one's own average would tell the price of a sale that keeps it back.
    estimate(one, kept_back, PRICE * 5)
    sell(kept_back)
    assert len(session.scalars(select(ContestResult.id)).all()) == 3
    assert page(client, "/contest?family=patent") == text
    assert "Nobody has" in page(client, "/contest?family=trademark")
    assert "Bright" in page(client, "/contest?family=boat")
