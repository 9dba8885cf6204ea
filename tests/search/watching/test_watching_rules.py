"""What is news, when somebody is told, what is kept, and which addresses may be called."""

import hashlib
import hmac
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from marketplace.listings.rules import PUBLIC_STATUSES, LotStatus
from search.rules import read
from search.watching.rules.bodies import Said, read_said
from search.watching.rules.destinations import checked_url, is_public, signature
from search.watching.rules.happenings import Facts, Happening, happenings, interest
from search.watching.rules.keeping import KEPT_LIMIT, kept, lists, require_narrow
from search.watching.rules.times import due_at, retry_wait
from search.watching.rules.words import Channel, Frequency, WatchReason

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 4, 12, tzinfo=ZONE)  # a Wednesday
OPENS = NOON + timedelta(days=3)


def facts(**changes: object) -> Facts:
    values = {"status": LotStatus.PUBLISHED, "currency": "CNY", "price_minor": 100, "published": "1"}
    return Facts(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("frequency", "now", "expected"),
    [
        (Frequency.AT_ONCE, NOON, NOON),
        (Frequency.DAILY, NOON, datetime(2026, 3, 5, 8, tzinfo=ZONE)),
        (Frequency.DAILY, datetime(2026, 3, 4, 7, 59, tzinfo=ZONE), datetime(2026, 3, 4, 8, tzinfo=ZONE)),
        (Frequency.DAILY, datetime(2026, 3, 4, 8, tzinfo=ZONE), datetime(2026, 3, 5, 8, tzinfo=ZONE)),
        (Frequency.WEEKLY, NOON, datetime(2026, 3, 9, 8, tzinfo=ZONE)),
        (Frequency.WEEKLY, datetime(2026, 3, 9, 7, tzinfo=ZONE), datetime(2026, 3, 9, 8, tzinfo=ZONE)),
        (Frequency.WEEKLY, datetime(2026, 3, 9, 8, tzinfo=ZONE), datetime(2026, 3, 16, 8, tzinfo=ZONE)),
    ],
)
def test_when_somebody_is_told(frequency: Frequency, now: datetime, expected: datetime) -> None:
    assert due_at(frequency, now) == expected


@given(st.integers(0, 10 * 365 * 24 * 60))
def test_a_digest_comes_in_the_morning_within_a_day_or_a_week(minutes: int) -> None:
    now = NOON + timedelta(minutes=minutes)
    daily, weekly = due_at(Frequency.DAILY, now), due_at(Frequency.WEEKLY, now)
    assert now < daily <= now + timedelta(days=1)
    assert daily <= weekly <= now + timedelta(days=7)
    assert (daily.hour, weekly.hour, weekly.weekday()) == (8, 8, 0)


def test_the_wait_doubles_up_to_six_hours() -> None:
    assert [retry_wait(attempts) for attempts in (1, 2, 3, 40)] == [
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=4),
        timedelta(hours=6),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({}, {"auction": "a", "opens_at": OPENS}, [Happening.SCHEDULED]),
        ({"auction": "a", "opens_at": OPENS}, {"auction": "a", "opens_at": NOON}, [Happening.RESCHEDULED]),
        ({"auction": "a", "opens_at": OPENS}, {"auction": "a", "opens_at": OPENS}, []),
        (
            {"auction": "a"},
            {"auction": "b", "price_minor": 80},
            [Happening.PRICE_CHANGED, Happening.SCHEDULED],
        ),
        ({}, {"currency": "USD"}, [Happening.PRICE_CHANGED]),
        ({"status": LotStatus.RESERVED, "auction": "a"}, {"status": LotStatus.SOLD}, [Happening.SOLD]),
        ({"status": LotStatus.RESERVED}, {"status": LotStatus.UNSOLD}, [Happening.UNSOLD]),
        ({"status": LotStatus.RESERVED}, {"status": LotStatus.PUBLISHED}, []),
        ({"status": LotStatus.UNSOLD}, {"published": "2"}, [Happening.PUBLISHED]),
        ({"status": LotStatus.UNSOLD}, {"status": LotStatus.RESERVED}, []),
        ({}, {"published": "2"}, [Happening.PUBLISHED]),
        ({"status": LotStatus.DRAFTED}, {"auction": "a"}, [Happening.PUBLISHED, Happening.SCHEDULED]),
        ({}, {"status": LotStatus.WITHDRAWN, "price_minor": 5}, [Happening.GONE]),
        ({"status": LotStatus.DRAFTED}, {"status": LotStatus.WITHDRAWN}, []),
    ],
)
def test_what_has_happened(
    before: dict[str, object], after: dict[str, object], expected: list[Happening]
) -> None:
    assert happenings(facts(**before), facts(**after)) == expected


@given(st.sampled_from(LotStatus), st.sampled_from(LotStatus), st.integers(1, 2), st.integers(1, 2))
def test_nothing_but_gone_is_said_of_a_hidden_lot(old: LotStatus, new: LotStatus, was: int, now: int) -> None:
    found = happenings(facts(status=old, price_minor=was), facts(status=new, price_minor=now))
    if new not in PUBLIC_STATUSES:
        assert set(found) <= {Happening.GONE}


def test_price_state_and_dates_are_news_and_nothing_else() -> None:
    first = interest(facts())
    assert first == interest(facts())
    changes: list[dict[str, object]] = [
        {"price_minor": 99},
        {"price_minor": None},
        {"status": LotStatus.RESERVED},
        {"opens_at": OPENS},
        {"closes_at": OPENS},
        {"auction": "a"},
        {"published": "2"},
        {"currency": "USD"},
    ]
    assert len({first, *(interest(facts(**change)) for change in changes)}) == len(changes) + 1


def test_equal_questions_are_kept_alike() -> None:
    first = kept({"status": ["sold", "published", ""], "q": [" battery "], "page": ["3"], "x": [""]})
    assert first == {"q": ["battery"], "status": ["published", "sold"]}
    assert lists({**first, "odd": 7}) == first
    with pytest.raises(Refused) as refused:
        kept({"q": ["x" * KEPT_LIMIT]})
    assert refused.value.reason is WatchReason.TOO_LONG_TO_KEEP


@pytest.mark.parametrize(
    "arguments", [{"q": ["a"]}, {"status": ["sold"]}, {"class": ["H01M"]}, {"price_to": ["5"]}]
)
def test_a_search_that_says_something_is_kept(arguments: dict[str, list[str]]) -> None:
    require_narrow(read(arguments))


@pytest.mark.parametrize("arguments", [{}, {"sort": ["newest"]}, {"currency": ["USD"]}])
def test_a_search_that_every_lot_answers_is_not(arguments: dict[str, list[str]]) -> None:
    with pytest.raises(Refused):
        require_narrow(read(arguments))


@pytest.mark.parametrize("url", ["https://hooks.example.com/luochui?x=1", " https://a.b:8443/ "])
def test_a_name_of_a_public_server_is_an_address(url: str) -> None:
    assert checked_url(url) == url.strip()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.1",
        "https://2130706433/",
        "https://user:pass@example.com/",
        "https://user@example.com/",
        "https://example.com/#part",
        "https://example.com:22/",
        "https://example.com:99999/",
        "https://example.com/a b",
        "https://例子.com/",
        "https://.example.com/",
        "https://[::1",
        "https://example.com/" + "x" * 500,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_url(url)
    assert (refused.value.reason, refused.value.field) == (WatchReason.BAD_WEBHOOK, "url")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_the_open_internet_may_be_called(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address that must not be called
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a9fe:a9fe",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "localhost",
        "",
    ],
)
def test_nothing_else_may(address: str) -> None:
    assert not is_public(address)


def test_a_signature_is_over_moment_and_body() -> None:
    expected = hmac.new(b"key", b'17.{"a":1}', hashlib.sha256).hexdigest()
    assert signature("key", 17, b'{"a":1}') == f"t=17,v1={expected}"


def test_what_a_program_says_of_a_search_is_read() -> None:
    said = read_said(
        {"name": " Cells ", "frequency": "weekly", "channels": ["mail", "mail"], "search": {"q": ["cell"]}},
        required=("name", "search"),
    )
    assert said == Said("Cells", Frequency.WEEKLY, frozenset({Channel.MAIL}), {"q": ["cell"]})
    assert read_said({"channels": [], "paused": False}) == Said(channels=frozenset(), paused=False)
    assert read_said({}) == Said()


@pytest.mark.parametrize(
    ("body", "reason", "field"),
    [
        (None, WatchReason.NOT_AN_OBJECT, None),
        ([], WatchReason.NOT_AN_OBJECT, None),
        ({"search": {}}, WatchReason.FIELD_MISSING, "name"),
        ({"name": "x", "": 1}, WatchReason.FIELD_UNKNOWN, ""),
        ({"name": "x", "paused": 1}, WatchReason.NEITHER_TRUE_NOR_FALSE, "paused"),
        ({"name": None}, WatchReason.BAD_NAME, "name"),
        ({"name": " "}, WatchReason.BAD_NAME, "name"),
        ({"name": "x" * 121}, WatchReason.BAD_NAME, "name"),
        ({"name": "a\x00b"}, WatchReason.BAD_NAME, "name"),
        ({"name": "\ud800"}, WatchReason.BAD_NAME, "name"),
        ({"name": "x", "frequency": 1}, WatchReason.UNKNOWN_WORD, "frequency"),
        ({"name": "x", "frequency": "hourly"}, WatchReason.UNKNOWN_WORD, "frequency"),
        ({"name": "x", "channels": "mail"}, WatchReason.NOT_A_LIST, "channels"),
        ({"name": "x", "channels": [["mail"]]}, WatchReason.UNKNOWN_WORD, "channels"),
        ({"name": "x", "search": ["q"]}, WatchReason.BAD_ARGUMENTS, "search"),
        ({"name": "x", "search": {"q": "cell"}}, WatchReason.BAD_ARGUMENTS, "q"),
        ({"name": "x", "search": {"q": [1]}}, WatchReason.BAD_ARGUMENTS, "q"),
        ({"name": "x", "search": {"q": ["a\x00"]}}, WatchReason.BAD_ARGUMENTS, "q"),
        ({"name": "x", "search": {"\udfff": ["a"]}}, WatchReason.BAD_ARGUMENTS, "\udfff"),
    ],
)
def test_what_a_program_says_wrongly_is_refused_by_its_name(
    body: object, reason: WatchReason, field: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        read_said(body, required=("name",))
    assert (refused.value.reason, refused.value.field) == (reason, field)
