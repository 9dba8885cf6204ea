"""Scenario files: an auction, its bidders, what happened when, and what must come of it.

Read strictly (`Malformed` names field and reason), run through the same rules that decide live bids, compared
with what the file expects. All events over, time runs on: an auction is shown as it ends after its last
event, so `open` comes out only of one that is still suspended then.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auctions.rules import BIDDING, CONTROL, WITH_TEXT, Action, Bidder, Decision, Event, State, Terms
from auctions.rules.decisions import begin, conclude, decide
from auctions.scenarios.differences import differences, read_expect
from auctions.sealing.rules import conceal
from auctions.written.reading import Fields, Malformed
from auctions.written.results import result
from auctions.written.terms import read_terms

MOST_BYTES = 5 * 1024 * 1024
MOST_EVENTS = 100_000
MOST_BIDDERS = 10_000

_FIELDS = ("scenario", "about", "source", "auction", "bidders", "events", "expect")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A file that has been read. `expect` holds only what the file names."""

    name: str
    about: str
    source: str
    terms: Terms
    bidders: dict[str, Bidder]
    events: tuple[Event, ...]
    expect: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a scenario: one decision per event, and the state when all time has passed."""

    decisions: tuple[str, ...]
    state: State


Runner = Callable[[Scenario], Run]


def load(path: Path) -> Scenario:
    """Read a scenario file; raises Malformed."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Malformed("file", f"cannot be read: {error.strerror}") from None
    return parse(content)


def parse(content: bytes) -> Scenario:
    """Read the bytes of a scenario file; raises Malformed."""
    if len(content) > MOST_BYTES:
        raise Malformed("file", f"is larger than {MOST_BYTES} bytes")
    try:
        raw = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("file", f"is not JSON in UTF-8: {error}") from None
    return read_scenario(raw)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(twice[:60], "stands twice in one object")
    return found


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def read_scenario(raw: Any) -> Scenario:
    """Read the JSON value of a scenario; raises Malformed."""
    fields = Fields(raw, "", _FIELDS)
    name = fields.text("scenario")
    terms = read_terms(fields.required("auction"))
    bidders = _bidders(fields)
    events = tuple(
        _event(entry, f"events[{number}]", bidders)
        for number, entry in enumerate(fields.objects("events", MOST_EVENTS))
    )
    return Scenario(
        name=name,
        about=fields.optional_text("about") or "",
        source=fields.optional_text("source") or "",
        terms=terms,
        bidders=bidders,
        events=events,
        expect=read_expect(fields.raw.get("expect") or {}, terms.currency),
    )


def _bidders(fields: Fields) -> dict[str, Bidder]:
    bidders: dict[str, Bidder] = {}
    for number, entry in enumerate(fields.objects("bidders", MOST_BIDDERS)):
        known = ("id", "priority_order", "admitted", "deposit_held", "barred")
        one = Fields(entry, f"bidders[{number}]", known)
        bidder = Bidder(
            id=one.text("id", 64),
            priority_order=one.whole("priority_order", None, 1, 1000),
            admitted=one.flag("admitted", default=True),
            deposit_held=one.flag("deposit_held", default=True),
            barred=one.optional_text("barred") or "",
        )
        if bidder.id in bidders:
            raise one.fail("id", f"{bidder.id!r} stands twice")
        bidders[bidder.id] = bidder
    return bidders


def _event(entry: Any, path: str, bidders: dict[str, Bidder]) -> Event:
    fields = Fields(entry, path, ("at", "action", "bidder", "amount"))
    action = fields.member("action", Action)
    if action is Action.OPEN:
        raise fields.fail("action", "open is what officers do after the close, not an event of a scenario")
    event = Event(fields.moment("at"), action, fields.optional_text("bidder", 64), _amount(fields, action))
    if action in CONTROL:
        if event.bidder is not None:
            raise fields.fail("bidder", f"{action} names no bidder")
    elif fields.text("bidder", 64) not in bidders:
        raise fields.fail("bidder", f"{event.bidder!r} is not among the bidders")
    return event


def _amount(fields: Fields, action: Action) -> str | None:
    """The text as it arrived: whether it is an amount is for the rules to say."""
    value = fields.raw.get("amount")
    if action not in WITH_TEXT:
        if value is not None:
            raise fields.fail("amount", f"{action} takes no amount")
        return None
    return value if isinstance(value, str) and len(value) <= 2000 else fields.text("amount", 2000)


def run(scenario: Scenario) -> Run:
    """Decide every event by the pure rules. A clock that steps back stands still: moments never decrease."""
    decisions, state = decide_all(scenario.terms, scenario.bidders, scenario.events)
    return Run(tuple(str(decision) for decision in decisions), conclude(scenario.terms, state))


def decide_all(
    terms: Terms, bidders: Mapping[str, Bidder], events: Iterable[Event], *, concealed: bool = False
) -> tuple[list[Decision], State]:
    """Every event's decision, and the state after the last of them; `concealed` while bids are sealed."""
    state, moment = replace(begin(terms), concealed=concealed), None
    decisions: list[Decision] = []
    for event in events:
        moment = event.at if moment is None else max(moment, event.at)
        bidder = bidders[event.bidder or ""] if event.action in BIDDING else None
        decisions.append(decide(terms, state, replace(event, at=moment), bidder))
        state = conceal(decisions[-1].state)
    return decisions, state


def replay(scenario: Scenario, runner: Runner = run) -> dict[str, Any]:
    """Run a scenario and compare: the object that `flask auctions replay` prints."""
    done = runner(scenario)
    outcome = result(scenario.terms, done.state)
    found = differences(scenario.expect, done.decisions, outcome)
    return {
        "scenario": scenario.name,
        "ok": not found,
        "decisions": list(done.decisions),
        "outcome": outcome,
        "differences": found,
    }
