"""The page of the classes and its JSON: titles in the reader's language, lots counted, bad input named."""

import pytest
from builders import a_lot, a_right, an_institution
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.db import atomic
from marketplace.listings.rules import LotStatus
from marketplace.rights.rules import RightType
from search import service

# Nothing but the index is asked, and that has tests of its own on both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def lots(session: Session) -> None:
    """Two lots on offer under H01M4/0438, one of them reserved, a sold one, and a trademark of class 9."""
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        for symbol, status in (
            ("H01M4/0469", LotStatus.PUBLISHED),
            ("H01M 4/0447", LotStatus.RESERVED),
            ("H01M4/044", LotStatus.SOLD),
        ):
            a_lot(session, bank, status=status, rights=[a_right(session, bank, classes=[symbol])])
        mark = a_right(session, bank, right_type=RightType.TRADEMARK, classes=["9"])
        a_lot(session, bank, rights=[mark])
    service.rebuild()


def test_the_sections_and_the_classes_of_goods(client: FlaskClient, lots: None) -> None:
    page = client.get("/classes")
    assert page.status_code == 200
    assert "Electricity" in page.text
    assert '<span class="class-beside" lang="zh-CN">电学</span>' in page.text
    assert '<a href="/search?class=H">2</a>' in page.text
    assert '<a href="/classes?nice=45">45</a>' in page.text


def test_a_class_with_those_above_and_below_it(client: FlaskClient, lots: None) -> None:
    page = client.get("/classes?symbol=h01m 4/04").text
    for symbol in ("H", "H01", "H01M", "H01M4", "H01M4/02"):
        assert f'href="/classes?symbol={symbol}"' in page
    assert "H01M4/00" in page
    assert '<a href="/search?class=H01M4/0438">2</a>' in page
    leaf = client.get("/classes?symbol=H01M4/0469").text
    assert "Nothing stands below this class." in leaf
    assert 'href="/search?class=H01M4/0469"' in leaf


def test_chinese_readers_see_chinese_first(client: FlaskClient, lots: None) -> None:
    page = client.get("/classes?symbol=H01M", headers={"Accept-Language": "zh-CN"}).text
    assert "<span>电极</span>" in page
    assert '<span class="class-beside" lang="en">Electrodes</span>' in page


def test_a_long_class_has_pages(client: FlaskClient, lots: None) -> None:
    first = client.get("/classes?symbol=C07C").text
    assert "Page 1 of 3" in first
    assert 'href="/classes?symbol=C07C&amp;page=2"' in first
    assert "Page 3 of 3" in client.get("/classes?symbol=C07C&page=3").text


def test_words_find_classes_and_goods(client: FlaskClient, lots: None) -> None:
    page = client.get("/classes?q=electrodes electrochemical processing").text
    assert 'href="/classes?symbol=H01M4/0438"' in page
    assert '<a href="/search?class=H01M4/0438">2</a>' in page
    goods = client.get("/classes?q=计算机").text
    assert 'href="/classes?nice=9&amp;group=0901"' in goods
    assert "No class of patents has these words." in client.get("/classes?q=qqqqxx").text
    assert 'href="/classes?nice=25"' in client.get("/classes?q=clothing").text


def test_goods_and_services(client: FlaskClient, lots: None) -> None:
    page = client.get("/classes?nice=9").text
    assert "Scientific, research" in page
    assert "Trademarks in this class (1)" in page
    assert 'href="/search?q=nc%3D9"' in page
    assert "计算机" in client.get("/classes?nice=9&group=0901").text


@pytest.mark.parametrize(
    "address",
    [
        "/classes?symbol=Z99",
        "/classes?symbol=14-02",
        f"/classes?symbol={'H' * 30}",
        "/classes?symbol=H01M&page=99",
        "/classes?page=0",
        "/classes?page=x",
        "/classes?nice=46",
        "/classes?nice=",
        "/classes?nice=9&group=0101",
    ],
)
def test_what_there_is_not_is_not_found(client: FlaskClient, lots: None, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_old_symbol_still_has_a_page(client: FlaskClient, lots: None) -> None:
    page = client.get("/classes?symbol=H01M4/9999")
    assert page.status_code == 200
    assert "Nothing stands below this class." in page.text
    assert 'href="/classes?symbol=H01M4"' in page.text


def test_too_long_a_text_is_explained(client: FlaskClient, lots: None) -> None:
    page = client.get("/classes", query_string={"q": "x" * 201})
    assert page.status_code == 422
    assert '<p class="error" id="q-error">At most 200 characters.</p>' in page.text
    assert client.get("/api/classes", query_string={"q": "x" * 201}).status_code == 422


def test_without_an_index_nothing_is_counted(client: FlaskClient, app: Flask) -> None:
    page = client.get("/classes")
    assert page.status_code == 200
    assert "Electricity" in page.text


def test_what_is_typed_is_completed(client: FlaskClient, app: Flask) -> None:
    found = client.get("/api/classes?q=neural network").get_json()["classes"]
    assert len(found) == 20
    assert found[0] == {
        "symbol": "G06N3/02",
        "title": "Neural networks",
        "reading": "Computing arrangements based on biological models › Neural networks",
    }
    assert client.get("/api/classes").get_json() == {"classes": []}
    options = client.get("/classes/options?class=H01M10/052").text
    assert options.count("<option") == 2
    assert '<option value="H01M10/0525">' in options
    assert "<option" not in client.get("/classes/options").text
    assert client.get("/classes/options", query_string={"class": "x" * 999}).status_code == 200


def test_the_field_of_a_form(app: Flask) -> None:
    template = app.jinja_env.from_string(
        '{% from "classification/_field.html" import class_field %}{{ class_field(value, error) }}'
    )
    with app.test_request_context():
        plain = template.render(value='"H01M', error="")
        wrong = template.render(value="", error="No class.")
    assert 'value="&#34;H01M"' in plain
    assert 'hx-get="/classes/options"' in plain
    assert "aria-invalid" not in plain
    assert 'aria-describedby="class-hint class-error"' in wrong
    assert "No class." in wrong
