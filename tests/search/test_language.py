"""The query language people know from patent search: what each part of it finds."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from language_cast import DOCUMENTS, TODAY

from marketplace.clock import LOCAL_ZONE
from marketplace.money import MINOR_LIMIT
from search.engines import Engine, Request
from search.engines.oracle import OracleEngine
from search.language import measures
from search.language.tree import render
from search.parsing import parse, tree
from search.prices import price_key
from search.rules import read, request_for

EVERYONE = {"battery", "heater", "mark"}


@pytest.fixture(scope="module")
def index() -> OracleEngine:
    engine = OracleEngine()
    engine.rebuild(DOCUMENTS)
    return engine


FINDS: list[tuple[str, set[str]]] = [
    # Words in parts: all forms, quoted only as written, Chinese as it stands.
    ("ti=battery", {"battery"}),
    ("ti=coating", {"battery"}),
    ('ti="battery"', set()),
    ('ti="batteries"', {"battery"}),
    ("TI：ＢＡＴＴＥＲＩＥＳ", {"battery"}),
    ("title=lithium-ion", {"battery"}),
    ("ti=ion-lithium", set()),
    ("标题=热水器", {"heater"}),
    ("名称：水器冷", set()),
    ("ab=热水器", {"heater"}),
    ("摘要=电池", set()),
    ("cl=separator", {"battery"}),
    ("cl=cathode", set()),
    ("pa=haier", {"heater"}),
    ("pa=华为(深圳)技术", {"battery"}),
    ('申请人="华为(深圳)技术"', {"battery"}),
    ("权利人=深圳", {"battery"}),
    ("ti=电", {"mark"}),
    ("ti=型", set()),
    ('ti="电"', {"mark"}),
    ('ti="装置"', {"heater"}),
    ("ti=CELLO电", {"mark"}),
    ("ti=batter*", {"battery"}),
    ("ti=热水*", {"heater"}),
    ("ab=batteries*", set()),
    ("ti=(battery OR 热水器)", {"battery", "heater"}),
    ("ti=(lithium and coated)", {"battery"}),
    ("ti=(lithium not coated)", set()),
    ("ti=(the lithium)", set()),
    # Operators, precedence, parentheses.
    ("battery AND separator", {"battery"}),
    ("battery AND 热水器", set()),
    ("电池 或 热水器", {"heater", "mark"}),
    ("热水器 与 管道", {"heater"}),
    ("separator OR 热水器 AND 电池", {"battery"}),
    ("(separator OR 热水器) AND 管道", {"heater"}),
    ("NOT battery", {"heater", "mark"}),
    ("非 battery", {"heater", "mark"}),
    ("-battery AND 电池", {"mark"}),
    ("(电池 OR battery) -ti=cello", {"battery"}),
    ("NOT NOT battery", {"battery"}),
    ("NOT (battery OR 电池)", {"heater"}),
    ("battery OR NOT 热水器", {"battery", "mark"}),
    ("battery AND (the)", {"battery"}),
    ("(the of)", {"battery"}),
    ("(battery) — .", {"battery"}),
    ('("lithium ion")', {"battery"}),
    ("(batter*)", {"battery"}),
    ("battery and (separator)", {"battery"}),
    # Nearness.
    ("cathode NEAR/2 anode", {"battery"}),
    ("cathode NEAR/1 anode", set()),
    ("anode NEAR/2 cathode", {"battery"}),
    ("anode ADJ/2 cathode", set()),
    ("cathode W/2 anode", {"battery"}),
    ("electrodes NEAR/5 lithium", {"battery"}),
    ('"electrodes" NEAR/5 lithium', set()),
    ("ab=(separators ADJ/3 cathode)", {"battery"}),
    ("ab=(separators ADJ/2 cathode)", set()),
    ('ab=("the anode" NEAR/1 battery)', set()),
    ('ab=("the anode" NEAR/2 battery)', {"battery"}),
    ("(cathode OR gate) NEAR/2 (anode OR 阀门)", {"battery"}),
    ("ti=(热水器 ADJ/1 冷水)", {"heater"}),
    ("ti=(热水器 ADJ/0 冷水)", set()),
    ("ti=(冷水 ADJ/0 回收)", {"heater"}),
    ("ti=(冷水 NEAR/3 热水器)", {"heater"}),
    ("ti=(lithium-ion NEAR/0 batteries)", {"battery"}),
    # Numbers.
    ("nr=201110093145.7", {"battery"}),
    ("nr=ZL 2011 1 0093145.7", {"battery"}),
    ("nr=ZL 2011 1 0093145.7 AND separator", {"battery"}),
    ("ZL 2011 1 0093145.7 OR 热水器", {"battery", "heater"}),
    ('号码="ZL 2011 1 0093145.7"', {"battery"}),
    ("nr=201110093145", {"battery"}),
    ("公开号=CN 102123456 A", {"battery"}),
    ("nr=CN102123456B", {"battery"}),
    ("nr=12345", {"mark"}),
    ("nr=(12345 OR 102123456)", {"mark", "battery"}),
    ("nr=2011 battery", set()),
    ("nr=ZL 2011 1 0093145.7 2012 OR 热水器", {"heater"}),
    # Classes.
    ("ic=H", {"battery"}),
    ("ic=H01M", {"battery"}),
    ("ic=h01m*", {"battery"}),
    ("ic=H01M4", {"battery", "heater"}),
    ("ic=H01M4/0438", {"battery"}),
    ("IPC=H01M 4/0438", {"battery"}),
    ("ic=H01M 4/04", set()),
    ("ic=H01M 4/04/low", {"battery", "heater"}),
    ("国际分类=H01M4/04(2006.01)I", set()),
    ("cpc=F24H9/00", {"heater"}),
    ("(H01M4/04/low) battery", {"battery"}),
    ("nc=9", {"mark"}),
    ("nc=09", {"mark"}),
    ("尼斯=(9 AND 35)", {"mark"}),
    ("类别=42", set()),
    # Choices.
    ("st=sold", {"heater"}),
    ("状态=已成交", {"heater"}),
    ('st="on offer"', {"battery"}),
    ("st=(SOLD OR unsold)", {"heater", "mark"}),
    ("-st=sold", {"battery", "mark"}),
    ("ty=专利", {"battery", "heater"}),
    ("类型=商标", {"mark"}),
    ("ty=utility_model", {"heater"}),
    ("ch=拍卖", {"battery", "mark"}),
    ("渠道=变卖", {"heater"}),
    ("rg=广东", {"battery"}),
    ("地区=广东省", {"battery"}),
    ("rg=Shandong", {"heater"}),
    ("rg=CN-SD", {"heater"}),
    ("rg=us-ca", {"mark"}),
    # Prices: one currency at a time.
    ("pr>=100000", {"battery"}),
    ("pr>100000", set()),
    ("pr=100000.00", {"battery"}),
    ("pr<=10万", {"battery"}),
    ("价格<10万元", set()),
    ("pr>=0.00001亿", {"battery"}),
    ("pr>=100,000 CNY", {"battery"}),
    ("pr:USD>=1000", {"mark"}),
    ("pr:>=USD 1000", {"mark"}),
    ("pr>=RMB 1000", {"battery"}),
    ("pr=JPY2000", {"heater"}),
    ("pr=[100 TO JPY 2000]", {"heater"}),
    ("pr=[USD 5000 TO *]", {"mark"}),
    ("pr=[* TO 100000]", {"battery"}),
    ("pr=[100000.01 to 200000]", set()),
    ("pr<0", set()),
    ("pr=*", EVERYONE),
    ("pr≥１００，０００", {"battery"}),
    # Dates: a year and a month from their first to their last day, here.
    ("dt=2026", {"battery"}),
    ("dt=2026-12-01", {"battery"}),
    ("dt=2026-12-02", set()),
    ("dt=2026-12-03", {"battery"}),
    ("日期>=2026年12月", {"battery"}),
    ("dt>2026-12-03", set()),
    ("dt<2026-12", set()),
    ("dt<=2026-12", {"battery"}),
    ("dt=[2026-11-01 TO 2026-12-01]", {"battery"}),
    ("dt=[20261201 至 *]", {"battery"}),
    ('dt="2026-12"', {"battery"}),
    ("dt=(2025 OR 2026)", {"battery"}),
    ("pd=2025", {"heater"}),
    ("pd>=2026-01-01", {"battery"}),
    ("pd<1960", set()),
    ("上架日=2025-12-31", {"heater"}),
    ("fd<2012", {"battery"}),
    ("申请日=2020", {"heater"}),
    ("申请日=2020-06-01", {"heater"}),
    ("fd=[2011-04-14 TO 2011-04-14]", {"battery"}),
    ("fd=[* TO *]", {"battery", "heater"}),
    # Life from TODAY: 4.4 and 3.5 years.
    ("rl>=4", {"battery"}),
    ("rl>=5", set()),
    ("rl=3", {"heater"}),
    ("rl=4", {"battery"}),
    ("剩余年限=[3 TO 4]", {"heater"}),
    ("rl<=3.5", set()),
    ("rl<4", {"heater"}),
    ("rl>3年", {"battery", "heater"}),
    ("rl=*", {"battery", "heater"}),
    # All together.
    ("ti=(battery AND 电极)", set()),
    ("ti=battery AND ic=H01M AND rl>=4 AND pr<=50万 NOT st=sold", {"battery"}),
    ("（标题：热水器　或　标题：ＣＥＬＬＯ）　与　非　类型：商标", {"heater"}),
]


@pytest.mark.parametrize(("text", "expected"), FINDS)
def test_what_is_found(index: OracleEngine, text: str, expected: set[str]) -> None:
    understood = parse(text, TODAY)
    assert {hit.id for hit in index.search(Request(understood.strict)).hits} == expected
    assert understood.loose == understood.strict


def test_every_engine_finds_the_same(engine: Engine) -> None:
    engine.rebuild(DOCUMENTS)
    for text, expected in FINDS:
        found = engine.search(Request(parse(text, TODAY).strict, seconds=30))
        assert ({hit.id for hit in found.hits}, found.total) == (expected, len(expected)), text


@pytest.mark.parametrize("text", [text for text, _ in FINDS])
def test_every_query_is_rendered_as_the_same_query(text: str) -> None:
    understood = tree(text)
    assert understood is not None
    assert tree(render(understood)) == understood
    assert parse(render(understood), TODAY) == parse(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "battery separator",
        "and or not",
        "battery or separator",
        'a "b c" -d e*',
        '5" tape',
        "Method: a study",
        "一种电池：制备方法",
        "http://example.org/a=b",
        "ratio 1:2",
        "电池(1)的电极(2)",
        "F24H1/10(2006.01)I",
        "H01M 10/0525",
        "热水器与管道",
        "[0001] A method",
        "near/5 w/3",
        "ANDROID NOTE ORBIT",
    ],
)
def test_plain_words_stay_plain(text: str) -> None:
    assert tree(text) is None


def test_words_that_are_plain_are_asked_loosely_and_others_never() -> None:
    assert parse("battery separator").loose != parse("battery separator").strict
    assert parse("(battery separator)").loose == parse("(battery separator)").strict


def test_marks_are_what_was_asked_for_in_texts() -> None:
    assert parse("ti=(batteries OR 热水*) -ab=glass pr>=5 nr=12345 solar*").marks == (
        "batteri",
        "热水",
        "solar*",
    )
    assert parse('cathodes NEAR/3 "anode ring"').marks == ("cathod", "anod", "ring")


def test_life_without_a_day_finds_nothing_and_says_so(index: OracleEngine) -> None:
    words_of = parse("rl>=1")
    assert words_of.needs_day
    assert index.search(Request(words_of.strict)).total == 0
    assert not parse("rl>=1", TODAY).needs_day
    for text in ("ti=a", "(a AND b) OR NOT c", "a NEAR/3 b", "plain"):
        assert not parse(text).needs_day
    for text in ("a AND rl>=1", "NOT rl=5", "a OR (b AND rl=[1 TO 2])"):
        assert parse(text).needs_day


def test_a_question_kept_for_years_is_reckoned_from_the_day_it_is_asked(index: OracleEngine) -> None:
    question = read({"q": ["rl=4 OR rl=[20 TO *]"]})
    for year, found in ((2026, 1), (2025, 1), (2021, 0)):
        now = datetime(year, 11, 22, 9, tzinfo=LOCAL_ZONE)
        assert index.search(request_for(question, now)).total == found


def test_a_day_begins_here() -> None:
    assert measures.ZONE == LOCAL_ZONE
    assert isinstance(measures.ZONE, ZoneInfo)


def test_an_open_end_of_a_price_ends_with_its_currency() -> None:
    top, bottom = price_key(MINOR_LIMIT - 1, "JPY"), price_key(0, "JPY")
    assert (parse("pr>=JPY 0").strict, parse("pr<=JPY 999999999999999").strict) == (
        parse("pr=[JPY 0 TO *]").strict,
        parse("pr=[* TO JPY 999999999999999]").strict,
    )
    node = parse("pr>=JPY 0").strict
    assert (node.least, node.most) == (bottom, top)  # type: ignore[union-attr]
