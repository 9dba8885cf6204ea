"""Formats with stages in the browser: a race for a falling price, turns, and both without scripts."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from browser.conftest import Live, OpenWindow
from browser.page_checks import problems_of
from browser.test_live_room import Sale, enter, keep
from builders import BOTH, a_lot, a_person, actor_for, an_institution
from playwright.sync_api import Page, expect

from auctions import service
from auctions.queries import find_auction
from auctions.rules import Action
from marketplace import clock
from marketplace.access import InstitutionKind
from marketplace.db import atomic, db
from marketplace.parties.models import Institution

CLOCK = {"step": "1000.00", "interval_seconds": 3600, "steps": 5}
LONG_TURNS = {"first_pause_seconds": 1, "turn_seconds": 3600}


def a_sale_of(live: Live, auction_format: str, options: dict[str, Any]) -> Sale:
    """Carol and Dave may bid; the auction opens in a moment."""
    with live.app.app_context():
        with atomic() as session:
            people, actors = {}, {}
            for name in ("Carol", "Dave"):
                company = f"{name} Works {uuid.uuid4().hex[:6]}"
                institution = an_institution(session, InstitutionKind.BUYER, company)
                people[name] = a_person(session, institution, name, BOTH)
                actors[name] = actor_for(people[name], institution)
            seller = live.people[InstitutionKind.BANK]
            bank = session.get_one(Institution, seller.institution_id)
            changes = {"rule_pack": "open", "options": options, "reserve_minor": None}
            lot = a_lot(session, bank, auction_format=auction_format, **changes)
            opens_at = clock.now() + timedelta(seconds=2)
            auction = service.schedule(session, actor_for(seller, bank), lot.id, opens_at, None)
            for actor in actors.values():
                registration = service.register(session, actor, auction.id)
                service.set_deposit_held(session, registration.id, True)
        db.session.remove()
    return Sale(live, auction, people, actors)


def opens(sale: Sale) -> None:
    """Wait until its moment has come, and do what the worker does then."""
    with sale.live.app.app_context():
        opened = False
        while not opened:
            with atomic() as session:
                service.open_due(session)
                opened = find_auction(session, sale.auction.id).opened_at is not None
        db.session.remove()


def take(page: Page) -> None:
    page.locator("#take-button").click()
    expect(page.get_by_role("heading", name="Confirm that you take at 100,000.00 CNY")).to_be_visible()
    page.locator("#confirm-button").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_two_want_the_falling_price(live: Live, open_window: OpenWindow, *, scripts: bool) -> None:
    sale = a_sale_of(live, "dutch", CLOCK)
    opens(sale)
    carol = enter(sale, open_window, "Carol", scripts=scripts, width=390).page
    daves = enter(sale, open_window, "Dave")
    dave = daves.page
    expect(dave.locator("#live-standing")).to_contain_text("Price falls in")
    assert problems_of(daves, "en") == []
    dave.locator("#take-button").click()
    expect(dave.get_by_role("dialog")).to_be_visible()
    take(carol)
    expect(carol.get_by_text("Your signed receipt")).to_be_visible()
    expect(carol.locator("#live-standing")).to_contain_text("You have won")
    expect(dave.locator("#live-standing")).to_contain_text("sold", timeout=15_000)
    assert dave.locator("#take-button").count() == 0


def test_a_turn_is_offered_to_whose_it_is(live: Live, open_window: OpenWindow) -> None:
    sale = a_sale_of(live, "english_rounds", LONG_TURNS)
    for name, amount in (("Carol", "100000.00"), ("Dave", "105000.00")):
        with live.app.app_context():
            with atomic() as session:
                act = (sale.auction.id, Action.BID, amount, uuid.uuid4().hex)
                assert service.place(session, sale.actors[name], *act).decision == "accepted"
            db.session.remove()
    carol, dave = enter(sale, open_window, "Carol").page, enter(sale, open_window, "Dave").page
    still_here = keep(carol)
    opens(sale)
    expect(carol.get_by_text("It is your turn.")).to_be_visible(timeout=15_000)
    assert still_here()
    expect(dave.locator("#live-bidding")).to_contain_text("another bidder's turn", timeout=15_000)
    carol.get_by_role("button", name="Bid …").click()
    carol.locator("#confirm-button").click()
    expect(carol.get_by_text("Your signed receipt")).to_be_visible()
    expect(dave.locator("#live-standing")).to_contain_text("101,000.00 CNY", timeout=15_000)
    carol.get_by_role("button", name="Take this bid back").click()
    expect(carol.get_by_text("You stand at: ")).to_contain_text("100,000.00 CNY")
    carol.get_by_role("button", name="Pass").click()
    expect(carol.get_by_text("Your signed receipt")).to_be_visible()
