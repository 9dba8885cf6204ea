"""Two bidders against each other in two windows, a third without scripts, a fourth without a stream."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from browser.conftest import Live, OpenWindow
from browser.page_checks import Watched, problems_of, watch
from builders import BOTH, a_lot, a_person, actor_for, an_institution
from playwright.sync_api import Page, expect

from auctions import service
from auctions.models import Auction
from auctions.queries import find_auction
from auctions.rules import Action
from marketplace import clock
from marketplace.access import Actor, InstitutionKind
from marketplace.db import atomic, db
from marketplace.parties.models import Institution, Person

MINUTES = 4  # Shorter than the extension of five, so that every bid moves the end.


@dataclass(frozen=True)
class Sale:
    """An auction that is live now, on the server that the browser talks to."""

    live: Live
    auction: Auction
    people: dict[str, Person]
    actors: dict[str, Actor]

    @property
    def path(self) -> str:
        return f"/auctions/{self.auction.id}"

    def bid(self, name: str, amount: str) -> None:
        """A bid from elsewhere: another process, as far as the server can tell."""
        with self.live.app.app_context():
            with atomic() as session:
                entry = service.place(
                    session, self.actors[name], self.auction.id, Action.BID, amount, uuid.uuid4().hex
                )
                assert entry.decision == "accepted"
            db.session.remove()


@pytest.fixture
def sale(live: Live) -> Sale:
    with live.app.app_context():
        made = _make(live)
        _wait_until_open(made)
        db.session.remove()
    return made


def _make(live: Live) -> Sale:
    with atomic() as session:
        people, actors = {}, {}
        for name in ("Carol", "Dave", "Erin"):
            institution = an_institution(
                session, InstitutionKind.BUYER, f"{name} Works {uuid.uuid4().hex[:6]}"
            )
            people[name] = a_person(session, institution, name, BOTH)
            actors[name] = actor_for(people[name], institution)
        auction = _auction(session, live)
        for actor in actors.values():
            registration = service.register(session, actor, auction.id)
            service.set_deposit_held(session, registration.id, True)
    return Sale(live, auction, people, actors)


def _auction(session: Any, live: Live) -> Auction:
    seller = live.people[InstitutionKind.BANK]
    bank = session.get_one(Institution, seller.institution_id)
    lot = a_lot(session, bank, title="Two-phase winding", rule_pack="open", options={"proxy": True})
    opens_at = clock.now() + timedelta(seconds=0.3)
    closes_at = opens_at + timedelta(minutes=MINUTES)
    return service.schedule(session, actor_for(seller, bank), lot.id, opens_at, closes_at)


def _wait_until_open(sale: Sale) -> None:
    opened = False
    while not opened:
        with atomic() as session:
            service.open_due(session)
            opened = find_auction(session, sale.auction.id).opened_at is not None


def enter(sale: Sale, open_window: OpenWindow, name: str, **more: Any) -> Watched:
    watched = watch(open_window(person=sale.people[name], **more))
    watched.page.goto(sale.path)
    return watched


def bid_by_hand(page: Page, amount: str | None = None) -> None:
    if amount is not None:
        page.get_by_label("Your bid").fill(amount)
    page.get_by_role("button", name="Bid …").click()
    expect(page.get_by_role("heading", name="Confirm your bid of")).to_be_visible()
    page.locator("#confirm-button").click()
    expect(page.get_by_text("Your signed receipt")).to_be_visible()


def keep(page: Page) -> Callable[[], bool]:
    """Mark the page as it is loaded now; the answer says whether it is still that page."""
    page.evaluate("window.stillHere = true")
    return lambda: bool(page.evaluate("window.stillHere === true"))


def seconds_left(page: Page) -> int:
    text = page.locator("[data-countdown]").inner_text()
    found = re.fullmatch(r"(\d\d):(\d\d):(\d\d)", text)
    assert found, text
    hours, minutes, seconds = map(int, found.groups())
    return (hours * 60 + minutes) * 60 + seconds


def price(page: Page) -> Any:
    return page.locator("[data-live=price]")


def test_two_bidders_against_each_other(sale: Sale, open_window: OpenWindow) -> None:
    carols, daves = enter(sale, open_window, "Carol"), enter(sale, open_window, "Dave")
    carol, dave = carols.page, daves.page
    expect(dave.locator("[data-connection]")).to_have_text("Live: prices update by themselves.")
    still_dave = keep(dave)
    assert seconds_left(dave) <= MINUTES * 60

    bid_by_hand(carol)
    expect(carol.locator("#live-standing")).to_contain_text("You are leading")
    expect(price(dave)).to_have_text("100,000.00 CNY")
    expect(dave.get_by_label("Your bid")).to_have_value("101000.00")
    assert MINUTES * 60 < seconds_left(dave) <= 300
    assert still_dave()

    still_carol = keep(carol)
    bid_by_hand(dave)
    expect(carol.locator("#alarm")).to_have_text("You have been outbid.")
    expect(carol.locator("#live-standing")).to_contain_text("You have been outbid")
    expect(carol.locator("#announcer")).to_contain_text("next bid at least 102,000.00 CNY")
    expect(price(carol)).to_have_text("101,000.00 CNY")
    assert still_carol()

    carol.get_by_label("Your bid").fill("125000.00")
    sale.bid("Erin", "102000.00")
    expect(price(carol)).to_have_text("102,000.00 CNY")
    expect(carol.get_by_label("Your bid")).to_have_value("125000.00")
    expect(carol.get_by_label("Your bid")).to_be_focused()
    bid_by_hand(carol)
    expect(price(dave)).to_have_text("125,000.00 CNY")
    assert problems_of(carols, "en") == []
    assert problems_of(daves, "en") == []


def test_a_refused_bid_is_explained_beside_the_field(sale: Sale, open_window: OpenWindow) -> None:
    page = enter(sale, open_window, "Carol").page
    sale.bid("Dave", "150000.00")
    page.get_by_label("Your bid").fill("120000.00")
    page.get_by_role("button", name="Bid …").click()
    expect(page.locator("#amount-error")).to_contain_text("at least 151,000.00 CNY")
    expect(page.get_by_label("Your bid")).to_have_value("120000.00")


def test_a_field_that_was_marked_to_be_typed_over_still_is_when_news_came(
    sale: Sale, open_window: OpenWindow
) -> None:
    page = enter(sale, open_window, "Carol").page
    field = page.get_by_label("Your bid")
    field.select_text()
    sale.bid("Dave", "150000.00")
    expect(price(page)).to_have_text("150,000.00 CNY")
    page.keyboard.type("160000.00")
    expect(field).to_have_value("160000.00")


def test_a_bid_without_scripts(sale: Sale, open_window: OpenWindow) -> None:
    carol = enter(sale, open_window, "Carol").page
    page = enter(sale, open_window, "Erin", scripts=False, width=390).page
    expect(page.get_by_role("link", name="Refresh", exact=True)).to_be_visible()
    bid_by_hand(page, "130,000.00")
    expect(page.locator("#live-standing")).to_contain_text("You are leading")
    expect(price(carol)).to_have_text("130,000.00 CNY")
    page.get_by_text("Your signed receipt").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Receipt for entry 1")


def test_without_a_stream_the_page_polls(sale: Sale, open_window: OpenWindow) -> None:
    window = open_window(person=sale.people["Carol"])
    window.route("**/events", lambda route: route.abort())
    page = window.new_page()
    page.goto(sale.path)
    expect(page.locator("[data-connection]")).to_have_text("Connection lost – polling every 5 seconds.")
    sale.bid("Dave", "140000.00")
    expect(price(page)).to_have_text("140,000.00 CNY", timeout=15_000)


def test_a_maximum_answers_for_its_owner(sale: Sale, open_window: OpenWindow) -> None:
    carol, dave = enter(sale, open_window, "Carol").page, enter(sale, open_window, "Dave").page
    carol.get_by_label("Your maximum").fill("160000.00")
    carol.get_by_role("button", name="Leave a maximum …").click()
    carol.locator("#confirm-button").click()
    expect(carol.locator("#live-standing")).to_contain_text("160,000.00 CNY")
    expect(dave.get_by_label("Your bid")).to_have_value("101000.00")
    bid_by_hand(dave, "120000.00")
    expect(price(carol)).to_have_text("121,000.00 CNY")
    expect(carol.locator("#live-standing")).to_contain_text("You are leading")
    expect(dave.locator("#live-standing")).to_contain_text("You have been outbid")
    assert "160,000" not in dave.content()
