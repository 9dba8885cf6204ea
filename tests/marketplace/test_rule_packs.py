from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from marketplace import rule_packs
from marketplace.rule_packs import (
    AfterDefault,
    BadPack,
    LimitReason,
    Problem,
    UnknownPack,
    check_limits,
    load,
    packs,
)

OPENS = datetime(2026, 5, 1, 2, tzinfo=UTC)
COURT, BANK, STATE, OPEN = (load(name) for name in rule_packs.NAMES)


def reasons(problems: list[Problem]) -> list[tuple[str, LimitReason]]:
    return [(problem.field, problem.reason) for problem in problems]


def test_every_pack_loads_and_every_number_says_where_it_comes_from() -> None:
    for name in rule_packs.NAMES:
        pack = load(name)
        assert pack.name == name
        assert load(name, pack.version) is not None


def test_what_follows_a_default() -> None:
    assert [pack.after_default.value for pack in (COURT, BANK, STATE, OPEN)] == [
        AfterDefault.RE_AUCTION,
        AfterDefault.NEXT_ON_LADDER,
        AfterDefault.RE_AUCTION,
        AfterDefault.NEXT_ON_LADDER,
    ]


@pytest.mark.parametrize(("name", "version"), [("cn-moon", None), ("open", "99"), ("open", "../x")])
def test_an_unknown_pack_or_version_is_named(name: str, version: str | None) -> None:
    with pytest.raises(UnknownPack, match=name):
        load(name, version)


def test_an_older_version_stays_beside_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (packs._FOLDER / "open.toml").read_text()
    (tmp_path / "open.toml").write_text(text)
    (tmp_path / "open@0.toml").write_text(text.replace('version = "1"', 'version = "0"'))
    monkeypatch.setattr(packs, "_FOLDER", tmp_path)
    assert load.__wrapped__("open", "0").version == "0"


@pytest.mark.parametrize(
    "damage",
    [
        "price = 3",
        "price =",
        'name = "x"',
        'proxy = { value = 1, basis = "I", source = "x" }',
        'proxy = { value = true, basis = "I", source = "" }',
        'proxy = { value = true, basis = "?", source = "x" }',
        'proxy = { value = true, basis = "I" }',
        'reserve = { value = "sometimes", basis = "I", source = "x" }',
    ],
)
def test_a_damaged_pack_is_refused(damage: str) -> None:
    with pytest.raises(BadPack):
        rule_packs.parse(damage)


def test_a_sale_within_every_limit_has_no_problem() -> None:
    assert not check_limits(
        COURT,
        reference_price_minor=100,
        start_price_minor=70,
        reserve_minor=70,
        reserve_public=True,
        deposit_minor=14,
        opens_at=OPENS,
        closes_at=OPENS + timedelta(hours=24),
        published_at=OPENS - timedelta(days=30),
    )
    assert not check_limits(COURT)
    assert not check_limits(OPEN, start_price_minor=1, reserve_minor=5, deposit_minor=1, opens_at=OPENS)
    assert not check_limits(
        OPEN, start_price_minor=1, opens_at=OPENS, closes_at=OPENS + timedelta(seconds=1), attempt=2
    )


def test_each_court_limit_names_field_limit_and_article() -> None:
    problems = check_limits(
        COURT,
        reference_price_minor=101,
        start_price_minor=70,
        reserve_minor=80,
        deposit_minor=15,
        opens_at=OPENS,
        closes_at=OPENS + timedelta(hours=23),
        published_at=OPENS - timedelta(days=29),
    )
    assert reasons(problems) == [
        ("start_price_minor", LimitReason.START_PRICE_BELOW_FLOOR),
        ("reserve_minor", LimitReason.RESERVE_NOT_START_PRICE),
        ("reserve_public", LimitReason.RESERVE_MUST_BE_PUBLIC),
        ("deposit_minor", LimitReason.DEPOSIT_TOO_LARGE),
        ("closes_at", LimitReason.BIDDING_TOO_SHORT),
        ("opens_at", LimitReason.NOTICE_TOO_SHORT),
    ]
    assert problems[0] == Problem(
        "start_price_minor", LimitReason.START_PRICE_BELOW_FLOOR, 71, 70, "法释〔2016〕18号 art. 10"
    )
    assert [problem.limit for problem in problems[1:]] == [
        70,
        None,
        14,
        OPENS + timedelta(hours=24),
        OPENS + timedelta(days=1),
    ]
    assert all(problem.binding and problem.article for problem in problems)


def test_a_deposit_has_a_least_share_rounded_up() -> None:
    (problem,) = check_limits(COURT, start_price_minor=1001, deposit_minor=50)
    assert (problem.reason, problem.limit) == (LimitReason.DEPOSIT_TOO_SMALL, 51)
    assert not check_limits(COURT, start_price_minor=1001, deposit_minor=51)


def test_a_later_attempt_is_measured_by_the_one_before() -> None:
    later: dict[str, Any] = {"reference_price_minor": 100, "attempt": 2, "previous_start_price_minor": 70}
    assert not check_limits(COURT, start_price_minor=56, **later)
    (problem,) = check_limits(COURT, start_price_minor=55, **later)
    assert (problem.reason, problem.limit, problem.percent) == (LimitReason.PRICE_CUT_TOO_DEEP, 56, 80)
    assert not check_limits(
        COURT, opens_at=OPENS, closes_at=None, published_at=OPENS - timedelta(days=15), attempt=2
    )


def test_a_limit_that_is_not_confirmed_only_warns() -> None:
    (deposit,) = check_limits(STATE, start_price_minor=100, deposit_minor=31)
    assert (deposit.reason, deposit.binding) == (LimitReason.DEPOSIT_TOO_LARGE, False)
    (notice,) = check_limits(BANK, opens_at=OPENS, published_at=OPENS - timedelta(days=6))
    assert (notice.reason, notice.binding) == (LimitReason.NOTICE_TOO_SHORT, True)


def test_plain_logic_needs_no_article() -> None:
    assert reasons(check_limits(BANK, start_price_minor=10, reserve_minor=9)) == [
        ("reserve_minor", LimitReason.RESERVE_BELOW_START)
    ]
    assert reasons(check_limits(OPEN, opens_at=OPENS, closes_at=OPENS)) == [
        ("closes_at", LimitReason.CLOSES_BEFORE_OPENING)
    ]
