"""An ended auction played again: with scripts by keyboard and button, without them by links."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from browser.conftest import DESK, POCKET, Live, OpenWindow
from browser.page_checks import problems_of, watch
from builders import a_lot, actor_for, an_actor
from playwright.sync_api import Page, expect

from auctions import service
from auctions.confirmations.issuing import issue_due
from auctions.confirmations.rows import of_auction
from auctions.keys import note_key
from auctions.models import Auction
from auctions.rules import Action
from marketplace import clock
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.parties.models import Person

SOLD = ("120000.00", "124000.00", "131000.00", "138000.00")


@dataclass(frozen=True)
class Ended:
    """A sold auction with its confirmation."""

    path: str
    code: str


@pytest.fixture(scope="module")
def ended(live: Live) -> Ended:
    """Two bidders, a maximum, a refusal, and a bid in the last minutes."""
    fixed = FixedClock(datetime(2026, 6, 1, 2, 0, tzinfo=UTC))
    with live.app.app_context(), clock.use(fixed):
        auction_id = _play(fixed, live)
        note_key()
        issue_due()
        auction = db.session.get_one(Auction, auction_id)
        found = Ended(f"/auctions/{auction_id}", of_auction(db.session(), auction)[0].code)
        db.session.remove()
    return found


def _play(fixed: FixedClock, live: Live) -> uuid.UUID:
    with atomic() as session:
        seller = session.get_one(Person, live.people[InstitutionKind.BANK].id)
        options = {
            "published_at": clock.now(),
            "rule_pack": "open",
            "reserve_minor": None,
            "options": {"proxy": True},
        }
        lot = a_lot(session, seller.institution, title="一种硅碳复合负极材料及其制备方法", **options)
        opens_at = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
        auction = service.schedule(
            session,
            actor_for(seller, seller.institution),
            lot.id,
            opens_at,
            datetime(2026, 8, 4, 2, 0, tzinfo=UTC),
        )
        buyers = [an_actor(session, InstitutionKind.BUYER) for _ in range(2)]
        for buyer in buyers:
            registration = service.register(session, buyer, auction.id)
            service.set_deposit_held(session, registration.id, True)
        auction_id = auction.id
    fixed.move_to(opens_at)
    acts = [(0, "100000.00", Action.BID), (1, "100500.00", Action.BID), (1, "119000.00", Action.PROXY)]
    acts += [(number % 2, amount, Action.BID) for number, amount in enumerate(SOLD)]
    for number, (who, amount, action) in enumerate(acts):
        fixed.advance(hours=3, minutes=57 if number == len(acts) - 1 else 20)
        with atomic() as session:
            service.place(session, buyers[who], auction_id, action, amount, uuid.uuid4().hex)
    fixed.advance(days=1)
    with atomic() as session:
        service.close_due(session)
    return auction_id


def price(page: Page) -> str:
    return page.locator('[data-shows="price"]').inner_text()


def test_it_plays_by_keyboard_and_by_button(ended: Ended, open_window: OpenWindow) -> None:
    watched = watch(open_window())
    page = watched.page
    page.goto(f"{ended.path}/replay")
    place = page.get_by_label("Entry", exact=True)
    place.focus()
    assert price(page) == "100,000.00 CNY"
    page.keyboard.press("End")
    assert price(page) == "138,000.00 CNY"
    page.keyboard.press("ArrowLeft")
    assert price(page) == "131,000.00 CNY"
    expect(page.locator("tr[aria-current=step]")).to_have_count(1)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator('[data-shows="answer"]')).to_have_text("Refused: it was below the least next bid.")
    page.get_by_label("Speed").select_option("fast")
    page.get_by_role("button", name="Play").press("Enter")
    expect(page.locator('[data-shows="price"]')).to_have_text("138,000.00 CNY")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert problems_of(watched, "en") == []


def test_without_scripts_the_links_lead_through_it(ended: Ended, open_window: OpenWindow) -> None:
    page = open_window(scripts=False).new_page()
    page.goto(f"{ended.path}/replay")
    expect(page.locator("#replay-controls")).to_be_hidden()
    page.get_by_role("link", name="Forward").click()
    expect(page.locator("#replay-heading")).to_have_text(re.compile("Entry 2 of"))
    expect(page.locator('[data-shows="answer"]')).to_contain_text("Refused")


@pytest.mark.parametrize(
    "look", [(DESK, "zh-CN", "light"), (POCKET, "en", "dark"), (POCKET, "zh-CN", "light")], ids=str
)
def test_the_pages_of_proof_are_sound(
    ended: Ended, open_window: OpenWindow, look: tuple[int, str, str]
) -> None:
    watched = watch(open_window(*look))
    for path in (f"{ended.path}/replay", "/keys", "/confirmations", f"/confirmations/{ended.code}"):
        watched.page.goto(path)
        assert problems_of(watched, look[1]) == [], path
