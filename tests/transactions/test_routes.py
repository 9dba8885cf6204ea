"""Prior sales, one record with its proof, the comparables of a lot: as pages and as data."""

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from builders import a_lot, an_actor, an_institution
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace import web
from marketplace.access import Actor, InstitutionKind
from marketplace.db import atomic
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from transactions import service
from transactions.log import signing, tree
from transactions.models import TransactionRecord
from transactions.rates import Rate
from transactions.rules.words import ConsentTier, SaleOutcome

from .sale_builders import a_completed_deal, a_sale_of

EN = {"Accept-Language": "en"}


def record_sales(count: int, **changes: Any) -> list[TransactionRecord]:
    with atomic() as session:
        return service.append(
            session,
            [
                a_sale_of(
                    f"{changes.get('title', 'sale')}-{number}",
                    **{
                        "sold_on": date(2025, 6, 1) - timedelta(days=20 * number),
                        "price_minor": 100_000_00 + number * 1_000_00,
                        "consent_tier": ConsentTier.PUBLIC,
                        **changes,
                    },
                )
                for number in range(count)
            ],
        )


def see(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers=EN | headers)
    assert answer.status_code == 200, path
    return answer.text


def test_a_record_shows_its_proof_and_anybody_can_check_it(client: FlaskClient) -> None:
    records = record_sales(3, evidence_url="https://example.com/source", evidence="read there")
    page = see(client, f"/sales/{records[1].id}")
    assert "verifies" in page
    assert 'href="https://example.com/source"' in page
    proof = client.get(f"/sales/{records[1].id}/proof.json").get_json()
    leaf = tree.leaf_hash(proof["leaf_data"].encode())
    path = [bytes.fromhex(part) for part in proof["path"]]
    point = proof["checkpoint"]
    root = bytes.fromhex(point["root"])
    assert tree.verify_inclusion(leaf, proof["leaf_index"], point["tree_size"], path, root)
    assert signing.is_signed(point["public_key"], point["signature"], point["statement"].encode())
    assert json.loads(point["statement"])["root"] == point["root"]


def test_the_log_proves_that_it_only_grew(client: FlaskClient) -> None:
    assert client.get("/sales/checkpoint.json").get_json() == {"checkpoint": None}
    record_sales(3)
    old = client.get("/sales/checkpoint.json").get_json()["checkpoint"]
    record_sales(4, title="more")
    new = client.get(f"/sales/checkpoint.json?since={old['tree_size']}").get_json()
    path = [bytes.fromhex(part) for part in new["consistency"]["path"]]
    roots = bytes.fromhex(old["root"]), bytes.fromhex(new["checkpoint"]["root"])
    assert tree.verify_consistency(3, 7, *roots, path)
    assert "consistency" not in client.get("/sales/checkpoint.json?since=8").get_json()


def test_what_does_not_exist(client: FlaskClient) -> None:
    for path in (
        f"/sales/{uuid.uuid4()}",
        f"/sales/{uuid.uuid4()}/proof.json",
        f"/lots/{uuid.uuid4()}/comparables",
    ):
        assert client.get(path).status_code == 404


def a_new_lot(**changes: Any) -> Lot:
    with atomic() as session:
        return a_lot(session, an_institution(session, InstitutionKind.BANK), **changes)


def test_the_comparables_of_a_lot(client: FlaskClient) -> None:
    lot = a_new_lot()
    records = record_sales(12)
    record_sales(1, title="In vain", outcome=SaleOutcome.UNSOLD, price_minor=None)
    page = see(client, f"/lots/{lot.id}/comparables")
    assert "<html" in page
    assert "Adjustment grid" in page
    assert "enough nearer ones are used" in page
    assert f"/sales/{records[0].id}" in page
    assert "Of 13 lots that were looked at and might have served, 12 were sold." in page
    assert "same type and technology field (13)" in page
    part = see(client, f"/lots/{lot.id}/comparables", **{"HX-Request": "true"})
    assert "<html" not in part
    assert "Adjustment grid" in part


@pytest.mark.parametrize("count", [0, 2])
def test_too_few_comparables_give_no_figure(client: FlaskClient, count: int) -> None:
    lot = a_new_lot()
    record_sales(count)
    page = see(client, f"/lots/{lot.id}/comparables")
    assert "Not enough evidence" in page
    assert "Value if it sells" not in page


def test_a_foreign_price_counts_only_with_a_loaded_rate(client: FlaskClient) -> None:
    lot = a_new_lot()
    record_sales(5, currency="USD")
    assert "another currency" in see(client, f"/lots/{lot.id}/comparables")
    with atomic() as session:
        rates = [
            Rate(date(2025, 6, 1) - timedelta(days=20 * number), "USD", "CNY", "7.1", "central bank")
            for number in range(5)
        ]
        assert service.load_rates(session, rates) == 5
        assert service.load_rates(session, rates) == 0
    assert "1 USD = 7.1 CNY" in see(client, f"/lots/{lot.id}/comparables")


def test_a_lots_own_sale_is_no_comparable_of_it(client: FlaskClient, session: Session) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
    for _ in range(2):
        with atomic() as writing:
            assert service.record_due(writing)
    assert "Of 0 lots that were looked at" in see(client, f"/lots/{deal.lot_id}/comparables")


def test_an_unpublished_lot_is_shown_to_its_bank_alone(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot = a_new_lot(status=LotStatus.DRAFTED)
    with atomic() as session:
        alice = an_actor(session, InstitutionKind.BANK, institution=lot.institution)
        mallory = an_actor(session, InstitutionKind.BANK)

    def visit(actor: Actor | None) -> int:
        monkeypatch.setattr("transactions.valuations.routes.panel.optional_actor", lambda: actor)
        return client.get(f"/lots/{lot.id}/comparables", headers=EN).status_code

    assert (visit(None), visit(mallory), visit(alice)) == (404, 404, 200)
    assert web.declared_access(app.view_functions["valuations.panel"]) is web.Access.PUBLIC
