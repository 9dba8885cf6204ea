"""The page on which a bank announces an auction, and what the lot's page says before and after."""

from typing import Any

from builders import a_lot
from flask import Flask
from live_cast import Somebody, somebody

from auctions import queries
from marketplace.access import InstitutionKind
from marketplace.db import atomic
from marketplace.listings.models import Lot

EARLY = {"opens_at": "2026-03-04T10:00", "closes_at": "2026-03-05T10:00"}
GOOD = {"opens_at": "2026-03-10T10:00", "closes_at": "2026-03-11T10:00"}


def a_bank_with_a_lot(app: Flask, **changes: Any) -> tuple[Somebody, Lot]:
    alice = somebody(app, InstitutionKind.BANK, "Alice", "Bank of Taishan")
    with atomic() as session:
        return alice, a_lot(session, alice.institution, **changes)


def test_only_until_it_is_announced_does_the_page_say_that_it_has_to_be(app: Flask) -> None:
    alice, lot = a_bank_with_a_lot(app)
    address, sentence = f"/lots/{lot.id}/auction", "Bidding opens only where an auction is announced"
    assert sentence in alice.client.get(address).text
    assert alice.client.post(f"{address}/schedule", data=GOOD).status_code == 303
    assert sentence not in alice.client.get(address).text
    assert sentence not in alice.client.get(f"/portfolio/lots/{lot.id}").text


def test_a_preview_refuses_what_the_announcement_would(app: Flask) -> None:
    alice, lot = a_bank_with_a_lot(app)
    page = f"/lots/{lot.id}/auction/schedule"
    shown = alice.client.post(page, data={**EARLY, "preview": "yes"}).text
    assert "The notice is too short" in shown
    assert "The notice is too short" in alice.client.post(page, data=EARLY).text
    fine = alice.client.post(page, data={**GOOD, "preview": "yes"}).text
    assert "The notice is too short" not in fine
    past = {"opens_at": "2026-02-01T10:00", "closes_at": "2026-02-02T10:00", "preview": "yes"}
    assert "The opening must lie in the future" in alice.client.post(page, data=past).text
    backwards = alice.client.post(page, data={**GOOD, "closes_at": "2026-03-09T10:00", "preview": "yes"}).text
    assert backwards.count("The close is not after the opening") == 1
    assert "must be after opens_at" not in backwards
    with atomic() as session:
        assert not queries.auctions_of_lot(session, lot.id)


def test_a_preview_warns_of_what_is_only_unusual(app: Flask) -> None:
    alice, lot = a_bank_with_a_lot(app, rule_pack="cn-bank")
    page = f"/lots/{lot.id}/auction/schedule"
    short = {**GOOD, "closes_at": "2026-03-10T12:00"}
    shown = alice.client.post(page, data={**short, "preview": "yes"}).text
    unusual = shown.partition("Outside the usual, but not forbidden")[2]
    assert "it should close at 2026-03-11 10:00" in unusual
    assert alice.client.post(page, data=short).status_code == 303
