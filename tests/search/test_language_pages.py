"""How a query was understood, what its refusals say, and the page that explains how to ask."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from language_cast import TODAY

from marketplace.errors import Refused
from marketplace.web import refusal_text, register_texts
from search.language import examples
from search.language.fields import FIELDS
from search.language.reading import explained
from search.language.reasons import LanguageReason
from search.language.texts import FIELD_HINTS, FIELD_NAMES, OPERATOR_HINTS, REFUSALS
from search.parsing import parse

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def words() -> Iterator[Flask]:
    """An application that has nothing but the words."""
    app = Flask("words", root_path=str(ROOT))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "marketplace/translations"
    Babel(app)
    register_texts(app, REFUSALS)
    with app.test_request_context():
        yield app


UNDERSTOOD = [
    ("ti=(battery AND 电极) NOT st=sold", "title = (battery AND 电极) AND (NOT state = sold)"),
    ("ti=lithium ion battery", "title = lithium AND ion AND battery"),
    ("a or b c", ""),
    ("a OR b c", "a OR (b AND c)"),
    ('(a "b c")', "a AND “b c”"),
    ("pr:USD>=1000 dt=2026", "start price ≥ 1,000.00 USD AND day of bidding = 2026-01-01 – 2026-12-31"),
    ("pr=[* TO 12万]", "start price ≤ 120,000.00 CNY"),
    ("pr=[100 TO JPY 500]", "start price from 100 JPY to 500 JPY"),
    ("pr=[* TO *]", "start price = *"),
    ("pr=*", "start price = *"),
    ("dt=[2026-03 TO *]", "day of bidding ≥ 2026-03-01"),
    ("dt=[2026 TO 2027-02]", "day of bidding from 2026-01-01 to 2027-02-28"),
    ("dt<=2026-02 OR dt<2026", "day of bidding ≤ 2026-02-28 OR day of bidding < 2026-01-01"),
    ("dt=2026-02-03", "day of bidding = 2026-02-03"),
    ("rl>=5年", "life left ≥ 5 years"),
    ("ic=H02K", "IPC class = H02K “Dynamo-electric machines” with everything below"),
    ("ic=Z", "IPC class = Z with everything below"),
    ("nc=9 nr=12345", "Nice class = 9 AND number = 12345"),
    (
        "rg=山东 ty=专利",
        "region of the seller = Shandong AND type of right = design / invention patent / utility model",
    ),
    ("st=nothing", "state = nothing"),
    ("a W/1 b", "a and behind it b with at most 1 word between"),
    ("(a OR b) NEAR/3 c", "(a OR b) and c with at most 3 words between"),
    ("plain words", ""),
    ("a AND (b", ""),
    ("pr=cheap", ""),
]


@pytest.mark.parametrize(("text", "understood"), UNDERSTOOD)
def test_how_a_query_was_understood(text: str, understood: str) -> None:
    with force_locale("en"):
        assert explained(text) == understood


def test_how_a_query_was_understood_in_chinese() -> None:
    with force_locale("zh"):
        assert explained("ti=(battery OR 电极) -st=sold") == "名称 = (battery 或 电极) 与 (非 状态 = 已成交)"
        assert explained("(电池 ADJ/3 电极)") == "电池 在前、电极 在后，中间最多隔 3 个词"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_has_a_sentence_with_its_place(language: str) -> None:
    assert set(REFUSALS) == set(LanguageReason)
    with force_locale(language):
        for reason in LanguageReason:
            details = {"piece": "x", "nearest": "y", "examples": "z", "most": 5}
            said = refusal_text(Refused(reason, "q", position=7, **details))
            assert "7" in said
            assert "%" not in said
            assert said.isascii() == (language == "en") or "“" in said


def test_a_refusal_reads_well() -> None:
    with force_locale("en"), pytest.raises(Refused) as refusal:
        parse("titel=a")
    with force_locale("en"):
        said = refusal_text(refusal.value)
    assert said.startswith("There is no field “titel” (character 1); the nearest is “title”.")


def test_fields_and_operators_are_all_explained() -> None:
    assert set(FIELDS) == set(FIELD_NAMES) == set(FIELD_HINTS) == set(examples.FIELDS)
    assert len(OPERATOR_HINTS) == len(examples.OPERATORS)


@pytest.mark.parametrize(
    "query",
    [*(query for row in examples.FIELDS.values() for query in row), *examples.OPERATORS, *examples.WHOLE],
)
def test_every_example_can_be_asked(query: str) -> None:
    assert parse(query, TODAY).strict


def test_the_page_explains_every_field_with_links(app: Flask) -> None:
    wanted = sum(map(len, examples.FIELDS.values())) + len(examples.OPERATORS) + len(examples.WHOLE)
    for language in ("en", "zh"):
        page = app.test_client().get("/search/help", headers={"Accept-Language": language})
        assert page.status_code == 200
        for code in FIELDS:
            assert f">{code}</code>" in page.text
        assert len(re.findall(r'href="/search\?q=[^"]+"', page.text)) >= wanted
