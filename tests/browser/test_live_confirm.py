"""The confirmation in a dialog, and how well the page knows that it is connected."""

import json
from typing import Any

from browser.conftest import OpenWindow
from browser.page_checks import problems_of
from browser.test_live_room import Sale, enter, keep, price, sale
from playwright.sync_api import Page, Route, expect

__all__ = ["sale"]

# Windows of earlier tests keep their streams until the server writes to them again.
A_STREAM_IS_FREE = 40_000


def ask(page: Page, amount: str) -> Any:
    page.get_by_label("Your bid", exact=True).fill(amount)
    page.get_by_role("button", name="Bid …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_a_price_that_moves_while_the_dialog_is_open(sale: Sale, open_window: OpenWindow) -> None:
    carols = enter(sale, open_window, "Carol")
    page = carols.page
    still_here = keep(page)
    dialog = ask(page, "150000.00")
    expect(dialog).to_contain_text("no bid yet")
    assert problems_of(carols, "en") == []
    sale.bid("Dave", "120000.00")
    expect(dialog.get_by_role("alert")).to_contain_text("The price has moved to 120,000.00 CNY")
    assert still_here()
    expect(dialog.locator("#confirm-button")).to_have_text("Bid 150,000.00 CNY")
    dialog.locator("#confirm-button").click()
    expect(page.get_by_text("Your signed receipt")).to_be_visible()
    expect(price(page)).to_have_text("150,000.00 CNY")


def test_a_price_that_moves_beyond_the_amount_is_explained(sale: Sale, open_window: OpenWindow) -> None:
    page = enter(sale, open_window, "Carol").page
    ask(page, "110000.00")
    sale.bid("Dave", "120000.00")
    expect(page.locator("#amount-error")).to_contain_text("at least 121,000.00 CNY")
    expect(page.get_by_label("Your bid")).to_have_value("110000.00")


def test_news_of_the_own_bid_before_its_answer_asks_nothing_again(
    sale: Sale, open_window: OpenWindow
) -> None:
    page = enter(sale, open_window, "Carol").page
    dialog = ask(page, "150000.00")
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")  # a slow network
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    dialog.locator("#confirm-button").click()
    sale.bid("Carol", "150000.00")
    expect(price(page)).to_have_text("150,000.00 CNY")
    page.wait_for_timeout(500)
    assert asked == []


def test_going_back_bids_nothing(sale: Sale, open_window: OpenWindow) -> None:
    page = enter(sale, open_window, "Carol").page
    dialog = ask(page, "110000.00")
    dialog.get_by_text("Back, do not bid").click()
    expect(dialog).to_be_hidden()
    ask(page, "111000.00")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(price(page)).to_have_text("no bid yet")


def test_the_page_says_how_well_it_is_connected(sale: Sale, open_window: OpenWindow) -> None:
    page = enter(sale, open_window, "Carol").page
    line = page.locator("#connection")
    expect(line).to_contain_text("Live: prices update by themselves.", timeout=A_STREAM_IS_FREE)
    expect(line.locator("[data-latency]")).to_contain_text("to the server and back in")
    expect(line.locator("[data-clock]")).to_contain_text("UTC+8")
    expect(line.locator("[data-updated]")).to_contain_text("last update")


def test_a_browser_whose_clock_is_wrong_counts_by_the_servers(sale: Sale, open_window: OpenWindow) -> None:
    window = open_window(person=sale.people["Carol"])
    window.add_init_script("{ const real = Date.now; Date.now = () => real() + 3_600_000; }")
    page = window.new_page()
    page.goto(sale.path)
    expect(page.locator("[data-latency]")).to_contain_text("ms")
    assert page.locator("[data-countdown]").inner_text().startswith("00:0")


def test_a_stream_that_is_lost_is_said_and_made_good(sale: Sale, open_window: OpenWindow) -> None:
    window = open_window(person=sale.people["Carol"])
    page = window.new_page()
    page.goto(sale.path)
    expect(page.locator("[data-connection]")).to_contain_text("Live", timeout=A_STREAM_IS_FREE)
    window.set_offline(True)
    page.evaluate("fetch('/healthz').catch(() => 0)")
    sale.bid("Dave", "140000.00")
    window.set_offline(False)
    expect(price(page)).to_have_text("140,000.00 CNY", timeout=30_000)


def test_a_heartbeat_that_knows_more_than_the_page_makes_it_ask(sale: Sale, open_window: OpenWindow) -> None:
    """A stream that lives and has stopped telling: its heartbeat carries another sequence."""
    moment = {"server_now": "2026-01-01T00:00:00Z", "as_of": "2026-01-01T00:00:00Z"}
    beat = json.dumps({"sequence": 1, **moment})
    window = open_window(person=sale.people["Carol"])

    def dead_stream(route: Route) -> None:
        body = f"retry: 500\n\nevent: heartbeat\ndata: {beat}\n\n"
        route.fulfill(status=200, content_type="text/event-stream", body=body)

    window.route("**/events", dead_stream)
    page = window.new_page()
    page.goto(sale.path)
    sale.bid("Dave", "130000.00")
    expect(price(page)).to_have_text("130,000.00 CNY")


def test_a_screen_reader_hears_the_marks_and_not_every_tick(sale: Sale, open_window: OpenWindow) -> None:
    page = enter(sale, open_window, "Carol").page
    heard = page.evaluate(
        """() => new Promise((done) => {
            const said = [];
            new MutationObserver(() => said.push(document.getElementById("announcer").textContent))
              .observe(document.getElementById("announcer"), { childList: true });
            const clock = document.querySelector("[data-countdown]");
            const end = Date.parse(clock.dataset.countdown);
            clock.dataset.countdown = new Date(end - (end - Date.now()) + 301_500).toISOString();
            setTimeout(() => done(said), 6000);
        })"""
    )
    assert heard == ["Ends in 00:05:00"]
