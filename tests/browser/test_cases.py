"""Cases 14 and 15 in a browser: whatever its clock and its zone, the countdown is the server's."""

import re

import pytest
from browser.conftest import OpenWindow
from browser.test_live_room import MINUTES, Sale, sale, seconds_left
from playwright.sync_api import Browser, Page, expect

__all__ = ["sale"]

HOURS_WRONG = (-26, 5)
# Zones that had summer time, or have it now, on the other side of the date line and at half an hour.
ZONES = ("America/New_York", "Pacific/Auckland", "Asia/Kolkata")


def counts_down(page: Page) -> None:
    """The page has heard the server's time, and what it shows is left of the few minutes of the sale."""
    expect(page.locator("[data-latency]")).to_contain_text("ms")
    assert 0 < seconds_left(page) <= MINUTES * 60


@pytest.mark.parametrize("hours", HOURS_WRONG)
def test_case_14_a_browser_with_a_wrong_clock_counts_by_the_server(
    sale: Sale, open_window: OpenWindow, hours: int
) -> None:
    """A bid was refused while the bidder's own clock, which ran late, still showed ten seconds."""
    window = open_window(person=sale.people["Carol"])
    window.add_init_script(f"{{ const real = Date.now; Date.now = () => real() + {hours * 3_600_000}; }}")
    page = window.new_page()
    page.goto(sale.path)
    counts_down(page)
    expect(page.get_by_text("The server's time decides.").first).to_be_visible()


def test_case_15_a_browser_in_another_zone_shows_the_same_end(
    sale: Sale, open_window: OpenWindow, chromium: Browser
) -> None:
    """A browser whose zone was another than the seller's showed a running auction as over."""
    kept = open_window(person=sale.people["Carol"]).storage_state()
    ends = set()
    for zone in ZONES:
        window = chromium.new_context(
            base_url=sale.live.url, locale="en", timezone_id=zone, storage_state=kept
        )
        page = window.new_page()
        page.goto(sale.path)
        counts_down(page)
        end = page.locator("[data-countdown] + .until").inner_text()
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\+8", end), end
        ends.add(end)
        window.close()
    assert len(ends) == 1
