"""The operator's wall follows the sales without being loaded again; the page about outages is sound."""

from browser.conftest import Live, OpenWindow
from browser.page_checks import problems_of, watch
from browser.test_live_room import Sale, keep, sale
from playwright.sync_api import expect

from marketplace.access import InstitutionKind

__all__ = ["sale"]


def test_the_wall_follows_the_sales(sale: Sale, live: Live, open_window: OpenWindow) -> None:
    watched = watch(open_window(person=live.people[InstitutionKind.OPERATOR]))
    page = watched.page
    page.goto("/wall")
    still_here = keep(page)
    row = page.get_by_role("row").filter(has=page.locator(f"a[href='{sale.path}']"))
    expect(row).to_contain_text("live")
    sale.bid("Carol", "123000.00")
    expect(row).to_contain_text("123,000.00 CNY")
    assert still_here()
    assert problems_of(watched, "en") == []
    row.get_by_role("link", name="Intervene").click()
    page.get_by_label("Act").select_option("extend")
    page.get_by_label("Minutes").fill("30")
    page.get_by_label("Reason").fill("a question of the court")
    page.get_by_role("button", name="Do it now").click()
    expect(page.locator("#live-standing")).to_contain_text("123,000.00 CNY")


def test_the_state_of_the_platform_on_a_phone(open_window: OpenWindow) -> None:
    watched = watch(open_window(width=390))
    watched.page.goto("/status")
    expect(watched.page.get_by_role("heading", name="Outages", exact=True)).to_be_visible()
    assert problems_of(watched, "en") == []
