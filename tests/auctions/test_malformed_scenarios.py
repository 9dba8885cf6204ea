import copy
import json
from pathlib import Path
from typing import Any

import pytest

from auctions.scenarios import scenario
from auctions.scenarios.scenario import load, parse, read_scenario, replay
from auctions.written.reading import Malformed

GOOD: dict[str, Any] = {
    "scenario": "good",
    "auction": {
        "format": "english",
        "rule_pack": "open",
        "currency": "CNY",
        "start_price": "100.00",
        "increment": "10.00",
        "reserve_price": None,
        "opens_at": "2026-03-02T02:00:00Z",
        "closes_at": "2026-03-03T02:00:00Z",
        "options": {"proxy": True, "grid": "free"},
    },
    "bidders": [{"id": "A"}, {"id": "B", "priority_order": None, "barred": ""}],
    "events": [
        {"at": "2026-03-02T04:00:00.5+02:00", "action": "bid", "bidder": "A", "amount": "100.00"},
        {"at": "2026-03-02T05:00:00Z", "action": "suspend"},
    ],
    "expect": {},
}
MISSING = object()


def changed(path: str, value: Any) -> dict[str, Any]:
    raw = copy.deepcopy(GOOD)
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    target: Any = raw
    for part in way:
        target = target[part]
    if value is MISSING:
        del target[last]
    else:
        target[last] = value
    return raw


def test_the_good_one_is_good() -> None:
    answer = replay(read_scenario(GOOD))
    assert (answer["ok"], answer["outcome"]["outcome"]) == (True, "open")


TABLE = [["10.00", "1.00"], [None, "2.00"]]

FAULTS = [
    ("scenario", MISSING, "scenario", "missing"),
    ("scenario", "", "scenario", "1 to 200"),
    ("scenario", 7, "scenario", "must be text, not a number"),
    ("about", [], "about", "must be text, not a list"),
    ("surprise", 1, "surprise", "not a known field"),
    ("auction", MISSING, "auction", "missing"),
    ("auction", [], "auction", "must be an object"),
    ("auction/surprise", 1, "auction.surprise", "not a known field"),
    ("auction/format", "chant", "auction.format", "must be one of"),
    ("auction/rule_pack", "cn-moon", "auction.rule_pack", "there are cn-court"),
    ("auction/rule_pack_version", "99", "auction.rule_pack", "has no version"),
    ("auction/currency", "XYZ", "auction.currency", "not a currency"),
    ("auction/start_price", 100.5, "auction.start_price", "not a number with a point"),
    ("auction/start_price", 100, "auction.start_price", "not a number"),
    ("auction/start_price", "100.001", "auction.start_price", "not a plain decimal of CNY"),
    ("auction/start_price", "0", "auction.start_price", "above zero"),
    ("auction/start_price", MISSING, "auction.start_price", "missing"),
    ("auction/increment", None, "auction.increment", "above zero"),
    ("auction/increment", "0.00", "auction.increment", "above zero"),
    ("auction/reserve_price", True, "auction.reserve_price", "true or false"),
    ("auction/opens_at", "2026-03-02T02:00:00", "auction.opens_at", "without a zone"),
    ("auction/opens_at", "2 March", "auction.opens_at", "RFC 3339"),
    ("auction/opens_at", "2026-02-30T02:00:00Z", "auction.opens_at", "is no moment"),
    ("auction/opens_at", 17, "auction.opens_at", "as text"),
    ("auction/closes_at", None, "auction.closes_at", "needs one"),
    ("auction/closes_at", "2026-03-02T02:00:00Z", "auction.closes_at", "after opens_at"),
    ("auction/options", 3, "auction.options", "must be an object"),
    ("auction/options/steps", 3, "auction.options.steps", "not a known field"),
    ("auction/options/grid", "round", "auction.options.grid", "free, multiple"),
    ("auction/options/proxy", "yes", "auction.options.proxy", "true or false"),
    ("auction/options/round", 0, "auction.options.round", "from 1 to 99"),
    ("auction/options/round", True, "auction.options.round", "whole number"),
    ("auction/options/extension_seconds", 1.5, "auction.options.extension_seconds", "whole number"),
    ("auction/options/hard_stop_at", "soon", "auction.options.hard_stop_at", "RFC 3339"),
    ("auction/options/increment_table", [], "auction.options.increment_table", "needs rows"),
    ("auction/options/increment_table", 5, "auction.options.increment_table", "must be a list"),
    ("auction/options/increment_table", TABLE[:1], "auction.options.increment_table", "null"),
    ("auction/options/increment_table", [TABLE[0], *TABLE], "auction.options.increment_table", "rise"),
    ("auction/options/increment_table", [[None]], "auction.options.increment_table[0]", "pair"),
    ("auction/options/increment_table", [[None, "0"]], "auction.options.increment_table[0][1]", "zero"),
    ("auction/options/increment_table", [[1.5, "1"]], "auction.options.increment_table[0][0]", "decimal"),
    ("auction/options", {"increment_table": TABLE, "grid": "multiple"}, "auction.options.grid", "table"),
    ("bidders", MISSING, "bidders", "missing"),
    ("bidders", {}, "bidders", "must be a list"),
    ("bidders/0", "A", "bidders[0]", "must be an object"),
    ("bidders/0/id", MISSING, "bidders[0].id", "missing"),
    ("bidders/0/id", "B", "bidders[1].id", "stands twice"),
    ("bidders/0/priority_order", 0, "bidders[0].priority_order", "from 1"),
    ("bidders/0/admitted", "no", "bidders[0].admitted", "true or false"),
    ("bidders/0/barred", True, "bidders[0].barred", "must be text"),
    ("bidders/0/colour", "red", "bidders[0].colour", "not a known field"),
    ("events", MISSING, "events", "missing"),
    ("events/0/at", "2026-03-02T02:00:00", "events[0].at", "without a zone"),
    ("events/0/at", MISSING, "events[0].at", "missing"),
    ("events/0/action", "shout", "events[0].action", "must be one of"),
    ("events/0/bidder", "Z", "events[0].bidder", "not among the bidders"),
    ("events/0/bidder", MISSING, "events[0].bidder", "missing"),
    ("events/0/amount", 100.5, "events[0].amount", "must be text"),
    ("events/0/amount", MISSING, "events[0].amount", "missing"),
    ("events/0/amount", "1" * 2001, "events[0].amount", "characters"),
    ("events/1/bidder", "A", "events[1].bidder", "names no bidder"),
    ("events/1/amount", "1.00", "events[1].amount", "takes no amount"),
    ("expect/colour", "red", "expect.colour", "not a known field"),
    ("expect/decisions", "accepted", "expect.decisions", "must be a list"),
    ("expect/decisions", [1], "expect.decisions[0]", "must be text"),
    ("expect/price", 5.5, "expect.price", "decimal string"),
    ("expect/bids", "3", "expect.bids", "whole number"),
    ("expect/closes_at", "soon", "expect.closes_at", "RFC 3339"),
    ("expect/next_round", "second", "expect.next_round", "must be an object"),
    ("expect/next_round", {"colour": 1}, "expect.next_round.colour", "not a known field"),
    ("expect/outcome", 1, "expect.outcome", "must be text"),
]


@pytest.mark.parametrize(("where", "value", "path", "reason"), FAULTS)
def test_a_fault_names_field_and_reason(where: str, value: Any, path: str, reason: str) -> None:
    with pytest.raises(Malformed) as fault:
        read_scenario(changed(where, value))
    assert fault.value.path == path
    assert reason in fault.value.reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"scenario": NaN}',
        b'{"scenario": "a", "scenario": "b"}',
        b"[" * 100_000,
        b'{"scenario": ' + b"9" * 5000 + b"}",
        b" " * (5 * 1024 * 1024 + 1),
    ],
    ids=["empty", "list", "not utf-8", "NaN", "twice", "deep", "long number", "large"],
)
def test_what_is_no_scenario_at_all_is_malformed(content: bytes) -> None:
    with pytest.raises(Malformed):
        parse(content)


def test_too_many_events_are_malformed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenario, "MOST_EVENTS", 1)
    with pytest.raises(Malformed, match="at most 1"):
        read_scenario(GOOD)


def test_a_file_that_is_not_there_is_malformed(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="cannot be read"):
        load(tmp_path / "nothing.json")


def test_amounts_and_moments_in_expect_may_be_spelled_differently() -> None:
    expect = {
        "price": "100",
        "closes_at": "2026-03-03T10:00:00.000+08:00",
        "winner": None,
        "next_round": None,
    }
    assert replay(read_scenario(GOOD | {"expect": expect}))["differences"] == []
    asked = {"next_round": {"kind": "re_auction", "barred": ["A"], "start_price": "1"}, "bids": 2}
    found = replay(read_scenario(json.loads(json.dumps(GOOD | {"expect": asked}))))["differences"]
    assert [entry["field"] for entry in found] == [
        "next_round.kind",
        "next_round.barred",
        "next_round.start_price",
        "bids",
    ]
