from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from marketplace import rule_packs
from marketplace.home.words import NUMBERS, number_text, pack_rows
from marketplace.rule_packs import AfterDefault, Basis

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_a_visitor_learns_what_this_place_is(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Language": "en"}).text
    assert '<html lang="en">' in page
    assert "How a sale works" in page
    assert 'href="/help"' in page


def test_the_language_switch_comes_back_to_the_page(client: FlaskClient) -> None:
    answer = client.post("/language/zh", data={"back": "/rules?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rules?x=1")
    assert '<html lang="zh-CN">' in client.get("/rules").text


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "/\\example.org", ""])
def test_the_language_switch_goes_nowhere_else(client: FlaskClient, back: str) -> None:
    assert client.post("/language/en", data={"back": back}).headers["Location"] == "/"


def test_the_rules_show_every_number_with_its_source(client: FlaskClient) -> None:
    page = client.get("/rules", headers={"Accept-Language": "en"}).text
    for name in rule_packs.NAMES:
        assert f'id="{name}"' in page
    assert "拍卖法 art. 45" in page
    assert "24 hours" in page


def test_a_number_that_is_not_confirmed_is_never_called_law(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        for name in rule_packs.NAMES:
            pack = rule_packs.load(name)
            standing = {str(row["label"]): str(row["basis"]) for row in pack_rows(pack)}
            for field, label in NUMBERS.items():
                number = getattr(pack, field)
                if number is not None:
                    assert ("Law" in standing[str(label)]) == (number.basis is Basis.READ)


def test_every_number_of_a_pack_has_a_name(app: Flask) -> None:
    assert set(NUMBERS) == set(rule_packs.Pack.__dataclass_fields__) - {"name", "version", "title"}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("deposit_least_percent", 5, "5 %"),
        ("notice_days_later", 1, "1 day"),
        ("retention_years", 20, "20 years"),
        ("deposit_return_hours", 24, "24 hours"),
        ("extension_seconds", 300, "5 minutes"),
        ("extension_seconds", 90, "90 seconds"),
        ("sale_off_countdown_seconds", 86400, "24 hours"),
        ("rounds", 2, "2"),
        ("proxy", True, "yes"),
        ("proxy", False, "no"),
        ("after_default", AfterDefault.RE_AUCTION, "a new auction"),
    ],
)
def test_numbers_are_told_with_their_unit(app: Flask, name: str, value: object, text: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert number_text(name, value) == text


def test_reports_of_weaknesses_have_an_address_once_the_operator_sets_one(
    app: Flask, client: FlaskClient
) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings = app.extensions["settings"]
    app.extensions["settings"] = type(settings)(
        **(vars(settings) | {"security_contact": "mailto:security@luochui.example"})
    )
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines())
    assert lines["Contact"] == "mailto:security@luochui.example"
    assert datetime.fromisoformat(lines["Expires"]).isoformat() == "2026-05-31T02:00:00+00:00"


def test_a_page_that_is_not_there_keeps_the_frame_and_names_the_request(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.headers["X-Request-Id"] in answer.text
    assert "Skip to the content" in answer.text
