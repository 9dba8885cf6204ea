"""A bank rehearses a draft and offers lots together or apart; everybody watches both ways."""

import os
import re
from datetime import timedelta
from pathlib import Path

import builders
import pytest
from browser.conftest import DESK, POCKET, Live, OpenWindow
from browser.page_checks import problems_of, watch
from playwright.sync_api import Page, expect

from auctions.combination.service import schedule_together
from marketplace import clock
from marketplace.access import InstitutionKind
from marketplace.db import atomic, db
from marketplace.listings import service as listings
from marketplace.listings.rules import LotStatus
from marketplace.listings.terms import LotTerms
from marketplace.parties.models import Institution

BANK = InstitutionKind.BANK


def picture(page: Page, name: str) -> None:
    """Keep what is seen, for whoever wants to look."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture(scope="module")
def lots(live: Live) -> tuple[str, str]:
    """The ids of a draft and of a whole whose auctions are announced."""
    with live.app.app_context():
        with atomic() as session:
            person = live.people[BANK]
            bank = session.get_one(Institution, person.institution_id)
            actor = builders.actor_for(person, bank)
            draft = builders.a_lot(
                session, bank, status=LotStatus.DRAFTED, rule_pack="open", reserve_minor=None
            )
            parts = [
                builders.a_lot(session, bank, rule_pack="open", reserve_minor=None, title=title)
                for title in ("电机绕组专利 Winding patent", "转子专利 Rotor patent")
            ]
            terms = LotTerms(
                reference="W-1",
                title="电机专利族 Motor family",
                rule_pack="open",
                start_price_minor=25_000_000,
                increment_minor=100_000,
            )
            whole = listings.draft_whole(session, actor, terms, part_ids=[part.id for part in parts])
            whole.status, whole.published_at = LotStatus.PUBLISHED, clock.now()
            session.flush()
            opens_at = clock.now() + timedelta(hours=1)
            schedule_together(session, actor, whole.id, opens_at, opens_at + timedelta(hours=24))
            found = str(draft.id), str(whole.id)
        db.session.remove()
    return found


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("width", [DESK, POCKET])
def test_pages_of_rehearsal_and_combination_are_sound(
    live: Live, lots: tuple[str, str], open_window: OpenWindow, width: int, language: str
) -> None:
    draft, whole = lots
    window = open_window(width, language, person=live.people[BANK])
    paths = {
        "rehearsal": f"/portfolio/lots/{draft}/rehearsal",
        "together": "/portfolio/lots/together",
        "whole": f"/lots/{whole}",
    }
    for name, path in paths.items():
        watched = watch(window)
        watched.page.goto(path)
        expect(watched.page.locator(".htmx-request")).to_have_count(0)
        picture(watched.page, f"{name}-{width}-{language[:2]}")
        assert problems_of(watched, language) == [], name


def test_a_rehearsal_plays_by_itself_at_a_multiple_of_real_time(
    live: Live, lots: tuple[str, str], open_window: OpenWindow
) -> None:
    page = open_window(person=live.people[BANK]).new_page()
    page.goto(f"/portfolio/lots/{lots[0]}/rehearsal?bidders=4&lowest=120&highest=150&seed=2")
    page.select_option("#replay-speed", "x1440")
    page.click("#replay-play")
    expect(page.locator("#replay-heading")).to_contain_text(
        re.compile(r"Entry ([3-9]|1\d) of"), timeout=15_000
    )
    page.click("#replay-play")
    page.click("summary:has-text('Choose other bidders')")
    page.fill("input[name=seed]", "9")
    page.click("button[type=submit]:has-text('Rehearse')")
    expect(page).to_have_url(re.compile("seed=9"))


def test_without_scripts_a_rehearsal_is_read_step_by_step(
    live: Live, lots: tuple[str, str], open_window: OpenWindow
) -> None:
    page = open_window(person=live.people[BANK], scripts=False).new_page()
    page.goto(f"/portfolio/lots/{lots[0]}/rehearsal")
    page.click("a[rel=next]")
    expect(page.locator("#replay-heading")).to_contain_text("Entry 2 of")


def test_everybody_sees_the_whole_beside_its_parts(
    live: Live, lots: tuple[str, str], open_window: OpenWindow
) -> None:
    page = open_window().new_page()
    page.goto(f"/lots/{lots[1]}")
    expect(page.locator("main")).to_contain_text("Apart, sum of the parts")
    expect(page.locator("main")).to_contain_text("Rotor patent")
