"""Which language a reader gets, and how forms, amounts and moments are written in it."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import a_person, an_institution, signed_in
from catalogue import compile_catalogue
from flask import Flask
from flask.testing import FlaskClient

from marketplace import language
from marketplace.access import InstitutionKind
from marketplace.db import atomic
from marketplace.parties.models import Person

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

CHINESE, ENGLISH = '<html lang="zh-CN">', '<html lang="en">'


@pytest.fixture(autouse=True)
def compiled() -> None:
    compile_catalogue()


def person_who_reads(code: str) -> Person:
    with atomic() as session:
        person = a_person(session, an_institution(session, InstitutionKind.BUYER), "Carol")
        person.language = code
    return person


@pytest.mark.parametrize(
    ("browser", "page"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("zh-TW", CHINESE),
        ("en-GB,en;q=0.9", ENGLISH),
        ("de,en;q=0.5,zh;q=0.4", ENGLISH),
        ("de,fr;q=0.9", CHINESE),
        ("*", CHINESE),
        ("", CHINESE),
    ],
)
def test_the_browser_decides_for_a_stranger(client: FlaskClient, browser: str, page: str) -> None:
    assert page in client.get("/", headers={"Accept-Language": browser}).text


def test_the_account_goes_before_the_browser(client: FlaskClient) -> None:
    signed_in(client, person_who_reads("zh"))
    assert CHINESE in client.get("/account", headers={"Accept-Language": "en"}).text


def test_the_choice_on_the_page_goes_before_the_account(client: FlaskClient) -> None:
    signed_in(client, person_who_reads("zh"))
    assert client.post("/language/en", data={"back": "/rules"}).headers["Location"] == "/rules"
    assert ENGLISH in client.get("/account").text


def test_each_request_is_answered_in_its_own_language(client: FlaskClient) -> None:
    for browser, page in (("en", ENGLISH), ("zh", CHINESE), ("en", ENGLISH)):
        assert page in client.get("/", headers={"Accept-Language": browser}).text


def test_a_language_that_is_not_spoken_is_not_found(client: FlaskClient) -> None:
    assert client.post("/language/de").status_code == 404


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"]
)
def test_the_way_back_stays_on_this_site(client: FlaskClient, back: str) -> None:
    assert client.post("/language/en", data={"back": back}).headers["Location"] == "/"


@pytest.mark.parametrize(("code", "told"), [("zh", "该字段是必填字段"), ("en", "This field is required")])
def test_what_forms_ask_by_themselves_is_in_the_language_of_the_page(
    client: FlaskClient, code: str, told: str
) -> None:
    answer = client.post("/sign-in", data={}, headers={"Accept-Language": code})
    assert answer.status_code == 422
    assert told in answer.text


def test_errors_are_told_in_the_language_of_the_asker(client: FlaskClient) -> None:
    assert "未找到" in client.get("/nothing", headers={"Accept-Language": "zh"}).text
    machine = client.get("/api/nothing", headers={"Accept-Language": "zh"})
    assert machine.json is not None
    assert machine.json["error"] == "页面不存在，或您无权查看。"


@pytest.mark.parametrize(("code", "length"), [("zh", "5分钟"), ("en", "5 minutes")])
def test_amounts_and_moments_are_the_same_in_both_languages_and_lengths_are_told(
    app: Flask, code: str, length: str
) -> None:
    moment = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    with app.test_request_context(headers={"Accept-Language": code}):
        assert language.money(-123_456_789, "CNY") == "−1,234,567.89 CNY"
        assert language.money(1_000, "JPY") == "1,000 JPY"
        assert language.money(None, "CNY") == language.moment(None) == language.day(None) == "–"
        assert language.moment(moment).startswith("2026-03-02 10:30 ")
        assert language.moment(moment, seconds=True).startswith("2026-03-02 10:30:00 ")
        assert language.day(moment.date()) == "2026-03-02"
        assert language.duration(timedelta(minutes=5)) == length


def test_the_command_line_speaks_english(app: Flask) -> None:
    assert language.duration(timedelta(hours=2)) == "2 hours"
