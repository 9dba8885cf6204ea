"""The pages of disclosure, and what an attacker learns who steps through every filter of every page."""

import json
import re
from dataclasses import replace

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from transactions.disclosure.models import ExactRead
from transactions.disclosure.rules.keys import BREAKDOWNS
from transactions.disclosure.service import releasing
from transactions.models import TransactionRecord
from transactions.rules.words import ConsentTier

from .disclosure_market import record, sales

OFFICER = frozenset({Role.OFFICER})


@pytest.fixture
def market(session: Session) -> list[TransactionRecord]:
    """A public sale every ten days, a few of price only, and confidential ones in other fields."""
    sealed = sales(ConsentTier.SEALED, months=1, field=9)
    with atomic() as writing:
        made = record(
            writing,
            [
                *sales(ConsentTier.PUBLIC, months=4, field=6),
                *sales(ConsentTier.PRICE_ONLY, months=2, field=7),
                *sales(ConsentTier.POOL, months=8, field=8),
                *(replace(one, price_minor=one.price_minor and 7_654_321) for one in sealed),
            ],
        )
        releasing.release(writing)
    return made


def a_member(app: Flask, kind: InstitutionKind) -> FlaskClient:
    with atomic() as writing:
        person = a_person(writing, an_institution(writing, kind), "Mallory", roles=OFFICER)
    return signed_in(app.test_client(), person)


def test_no_page_file_or_filter_tells_of_a_confidential_sale(
    app: Flask, client: FlaskClient, market: list[TransactionRecord]
) -> None:
    """Every list and file, each filter moved one step at a time: only public and price-only sales appear."""
    hidden = [one for one in market if one.consent_tier in {ConsentTier.POOL, ConsentTier.SEALED}]
    mallory = a_member(app, InstitutionKind.BANK)
    steps = [
        *(f"technology_field={number}" for number in range(6, 10)),
        *(f"year={year}" for year in (2024, 2025)),
        *(f"currency=CNY&least={least}" for least in range(12_000, 78_000, 6_000)),
    ]
    for reader in (client, mallory):
        ids = set()
        for step in ["", *steps]:
            answer = reader.get(f"/sales.json?{step}")
            rows = json.loads(answer.text)["sales"]
            ids |= {row["id"] for row in rows}
            assert all(not row["title"] for row in rows if row["technology_field"] == "7")
            assert "76543.21" not in answer.text
        assert ids == {str(one.id) for one in market} - {str(one.id) for one in hidden}
        for one in (hidden[0], hidden[-1]):
            assert reader.get(f"/sales/{one.id}").status_code == 404
        for path in ("/sales", "/sales.csv", "/market/open-data/sales.jsonl", "/market/open-data/sales.csv"):
            page = reader.get(path).text
            assert not any(str(one.id) in page or one.seller_parent in page for one in hidden)


def test_released_tables_tell_no_more_one_by_one_than_all_together(
    client: FlaskClient, market: list[TransactionRecord]
) -> None:
    """Totals minus shown cells: what is left of any table is nothing, or at least five."""
    totals = {}
    for name in BREAKDOWNS:
        cells = json.loads(client.get(f"/market/statistics/{name}.json").text)["cells"]
        offered = [int(cell["offered"]) for cell in cells if cell["offered"]]
        assert all(count >= 5 for count in offered)
        totals[name] = sum(offered)
    # Public ones may be listed; of the others what no cell tells is a sum of whole blocks.
    public = 12
    for name, total in totals.items():
        rest = totals["all"] - total
        assert rest == 0 or rest >= 5 or rest <= public, name


def test_a_question_of_ones_own(app: Flask, market: list[TransactionRecord]) -> None:
    alice = a_member(app, InstitutionKind.BANK)
    assert "100 questions left today" in alice.get("/market/questions").text
    page = alice.post("/market/questions", data={"year": "2024", "currency": "CNY"})
    assert page.status_code == 200
    assert "Median" in page.text
    assert "99 questions left today" in page.text
    assert "This cannot be told" in alice.post("/market/questions", data={"year": "2023"}).text
    assert alice.post("/market/questions", data={"year": "2023-05"}).status_code == 422
    assert app.test_client().get("/market/questions").status_code in {302, 303, 401, 403}


def test_a_sealed_sale_is_read_by_two_and_the_seller_sees_that_it_was(
    app: Flask, session: Session, market: list[TransactionRecord], clock: FixedClock
) -> None:
    with atomic() as writing:
        regulator = an_institution(writing, InstitutionKind.REGULATOR)
        people = [a_person(writing, regulator, name, roles=OFFICER) for name in ("Rita", "Ralph")]
    rita, ralph = (signed_in(app.test_client(), person) for person in people)
    sealed = market[-2]
    wrong = rita.post("/operator/exact-reads", data={"record_id": "7", "reason": "case"})
    assert wrong.status_code == 422
    asked = {"record_id": str(sealed.id), "reason": "case 7"}
    assert rita.post("/operator/exact-reads", data=asked).status_code == 303
    page = ralph.get("/operator/exact-reads").text
    found = re.search(r"/operator/exact-reads/([0-9a-f-]{36})/approve", page)
    assert found
    address = f"/operator/exact-reads/{found[1]}"
    assert f"{found[1]}/approve" not in rita.get("/operator/exact-reads").text
    assert rita.post(f"{address}/approve").status_code == 422
    assert rita.post(f"{address}/read").status_code == 422
    assert ralph.post(f"{address}/approve").status_code == 303
    read = rita.post(f"{address}/read").text
    assert "76,543.21" in read
    assert session.scalars(select(ExactRead)).one().record_id == sealed.id
    bank = a_member(app, InstitutionKind.BANK)
    assert bank.post(f"{address}/read").status_code == 403
    assert "Nobody has read" in bank.get("/market/uses").text
    clock.advance(days=2)


def test_open_data_has_a_licence_a_dictionary_and_goes_on(
    client: FlaskClient, market: list[TransactionRecord]
) -> None:
    about = client.get("/market/open-data/description.json").json
    assert about
    assert about["licence"] == "CC-BY-4.0"
    lines = [json.loads(text) for text in client.get("/market/open-data/sales.jsonl").text.splitlines()]
    assert len(lines) == 12
    assert set(lines[0]["record"]) == set(about["fields"])
    rest = client.get(f"/market/open-data/sales.jsonl?after={lines[9]['leaf_index']}").text
    assert len(rest.splitlines()) == 2
    assert client.get("/market/open-data/sales.csv?after=999999999999999999999999").text.count("\n") == 1
