"""The second line of the menu: the rooms of money, on their own pages only."""

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient

from marketplace.access import InstitutionKind, Role
from marketplace.db import atomic
from marketplace.home.menu import ALL_MONEY, OWN_MONEY

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
LINE = 'class="site-rooms"'


def a_visitor(app: Flask, kind: InstitutionKind) -> FlaskClient:
    with atomic() as session:
        person = a_person(session, an_institution(session, kind), "Somebody", frozenset(Role))
    return signed_in(app.test_client(), person)


def test_every_room_is_there(app: Flask) -> None:
    assert {endpoint for endpoint, _ in (*OWN_MONEY, *ALL_MONEY)} <= set(app.view_functions)


def test_a_room_shows_the_others_and_which_one_it_is(app: Flask) -> None:
    page = a_visitor(app, InstitutionKind.BUYER).get("/money/limit").text
    _, _, line = page.partition(LINE)
    line, _, _ = line.partition("</nav>")
    assert line.count("aria-current") == 1
    assert 'href="/money/limit" aria-current="page"' in line
    assert 'href="/money/statement"' in line
    assert "/money/guarantees" not in line


def test_the_operator_sees_other_rooms_and_other_pages_show_none(app: Flask) -> None:
    operator = a_visitor(app, InstitutionKind.OPERATOR)
    assert 'href="/money/guarantees"' in operator.get("/money/desk").text
    assert LINE not in operator.get("/").text
