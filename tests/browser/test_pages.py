"""Every page that can be reached by links, at both widths, in both languages, by light and in the dark."""

from collections.abc import Iterator

import pytest
from browser.conftest import DESK, POCKET, Live, OpenWindow
from browser.page_checks import Watched, links_of, problems_of, watch
from playwright.sync_api import Error, Page, expect

from marketplace.access import InstitutionKind

# So many pages of one window are looked at; a long list of lots says nothing new after that.
MOST_PAGES = 25

LOOKS = [
    (DESK, "en", "light"),
    (DESK, "zh-CN", "dark"),
    (POCKET, "en", "dark"),
    (POCKET, "zh-CN", "light"),
]


def opens(page: Page, path: str) -> bool:
    """Whether the address holds a page; a file to be kept is none."""
    try:
        answer = page.goto(path, wait_until="load")
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    expect(page.locator(".htmx-request")).to_have_count(0)
    return answer is not None and "text/html" in answer.headers.get("content-type", "")


def walk(watched: Watched, starts: list[str]) -> Iterator[str]:
    """Go from page to page by their links, breadth first; yields the address of each as it stands open."""
    waiting, seen = list(starts), set(starts)
    while waiting and len(seen) - len(waiting) < MOST_PAGES:
        address = waiting.pop(0)
        if not opens(watched.page, address):
            continue
        yield address
        fresh = {path: link for path, link in links_of(watched.page).items() if path not in seen}
        seen.update(fresh)
        waiting += fresh.values()


def assert_sound(watched: Watched, starts: list[str], language: str) -> None:
    """Fail with one line for each thing wrong on any page."""
    lines = [f"{path}: {line}" for path in walk(watched, starts) for line in problems_of(watched, language)]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_public_pages_are_sound(live: Live, open_window: OpenWindow, look: tuple[int, str, str]) -> None:
    watched = watch(open_window(*look))
    lot = live.lot_path.removeprefix("/lots/")
    finding = [
        "/search?q=motor&status=published&sort=life",
        f"/search/like/{lot}",
        f"/search/compare?lot={lot}",
    ]
    assert_sound(watched, ["/", live.lot_path, *finding], look[1])


@pytest.mark.parametrize("kind", list(InstitutionKind))
@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[3]], ids=str)
def test_the_pages_of_the_signed_in_are_sound(
    live: Live, open_window: OpenWindow, kind: InstitutionKind, look: tuple[int, str, str]
) -> None:
    watched = watch(open_window(*look, live.people[kind]))
    assert_sound(watched, ["/"], look[1])


@pytest.mark.parametrize("kind", list(InstitutionKind))
def test_at_a_desk_the_menu_is_one_row(live: Live, open_window: OpenWindow, kind: InstitutionKind) -> None:
    page = open_window(DESK, "en", "light", live.people[kind]).new_page()
    page.goto("/")
    parts = page.locator(".site-header .brand, .site-nav li, .site-tools > *")
    boxes = parts.evaluate_all("found => found.map(one => one.getBoundingClientRect())")
    assert max(one["top"] for one in boxes) < min(one["bottom"] for one in boxes)


def test_the_first_key_press_leads_to_the_content(live: Live, open_window: OpenWindow) -> None:
    page = open_window().new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_without_scripts_the_language_can_be_changed(live: Live, open_window: OpenWindow) -> None:
    page = open_window(scripts=False).new_page()
    page.goto("/rules")
    page.get_by_role("button", name="中文").click()
    assert page.url == f"{live.url}/rules"
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_on_paper_there_are_no_menus(live: Live, open_window: OpenWindow) -> None:
    page = open_window().new_page()
    page.goto("/rules")
    page.emulate_media(media="print")
    assert not page.locator(".site-nav").is_visible()
    assert page.locator("table").first.is_visible()
