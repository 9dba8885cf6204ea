"""The rules run again over a record's entries."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from auctions.record.entries import Entry
from auctions.record.form import Record
from auctions.rules import ADMISSION_REASONS, BIDDING, Action, Bidder, Decision, Event, Outcome, Reason, State
from auctions.rules.decisions import begin, conclude, decide
from auctions.sealing.opened import as_opened
from auctions.sealing.rules import conceal
from auctions.written.results import result
from marketplace.money import decimal_text

_ADMISSION = {f"refused:{reason}": reason for reason in ADMISSION_REASONS}

Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """One act from outside, what the rules say to it now, and what the record says followed from it.

    Attributes:
        decided: False for what no rule decides: the opening itself, and a sealed bid that does not count.
        number: of the entry in the file, from 0.
        followers: the entries that name this one as their cause.
    """

    number: int
    entry: Entry
    decided: bool
    decision: Decision
    followers: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Rerun:
    """Every step, and the state when all time has passed."""

    steps: tuple[Step, ...]
    state: State


def rerun(record: Record) -> Rerun:
    """Decide every act of the record again."""
    followers: dict[int, list[Entry]] = {}
    for entry in record.entries:
        if entry.caused_by is not None:
            followers.setdefault(entry.caused_by, []).append(entry)
    concealed = record.opened is None and any(entry.sealed for entry in record.entries)
    state, steps = replace(begin(record.terms), concealed=concealed), []
    for number, entry in enumerate(record.entries):
        if entry.caused_by is not None:
            continue
        event = _event(record, entry)
        if event is None:
            decision = Decision(None, state)
        else:
            decision = decide(record.terms, state, event, _bidder(record, entry))
            state = conceal(decision.state)
        caused = tuple(followers.get(entry.sequence, ()))
        steps.append(Step(number, entry, event is not None, decision, caused))
    return Rerun(tuple(steps), conclude(record.terms, state))


def _event(record: Record, entry: Entry) -> Event | None:
    """The act with its amount, of a sealed bid the one that was opened; None for what no rule decides."""
    event = Event(entry.at, entry.action, entry.bidder, entry.amount)
    opened = record.opened.bids.get(entry.sequence) if record.opened else None
    return as_opened(cast("Any", entry), event, cast("Any", opened), record.terms)  # shaped like their rows


def _bidder(record: Record, entry: Entry) -> Bidder | None:
    """The bidder as admission saw it: a fact of the record, which the rules take as given."""
    if entry.bidder is None or entry.action not in BIDDING:
        return None
    refusal = _ADMISSION.get(entry.decision)
    return Bidder(
        id=entry.bidder,
        priority_order=record.priorities[entry.bidder],
        admitted=refusal is not Reason.NOT_ADMITTED,
        barred="as recorded" if refusal is Reason.BARRED else "",
        deposit_held=refusal is not Reason.NO_DEPOSIT,
        headroom=0 if refusal is Reason.OVER_LIMIT else None,
    )


def decisions_differ(done: Rerun) -> Found:
    """Where the rules decide otherwise than the record says."""
    for step in done.steps:
        if not step.decided:
            continue
        if str(step.decision) != step.entry.decision:
            yield f"entries[{step.number}].decision", f"the rules say {step.decision}"
        if step.entry.sealed is None and step.decision.amount_minor != step.entry.amount_minor:
            yield f"entries[{step.number}].amount_minor", f"the rules read {step.decision.amount_minor}"


def automatic_bids_differ(record: Record, done: Rerun) -> Found:
    """Where the bids that the system made are not those that the rules make."""
    for step in done.steps:
        expected = [_automatic(record, step, place) for place in range(len(step.decision.automatic))]
        actual = [{name: one.raw.get(name) for name in _COMPARED} for one in step.followers]
        if actual != expected:
            yield (
                f"entries[{step.number}]",
                f"the rules make {len(expected)} automatic bids after it, the record holds others",
            )


_COMPARED = (
    "sequence",
    "at",
    "action",
    "bidder",
    "amount",
    "amount_minor",
    "decision",
    "idempotency_key",
)


def _automatic(record: Record, step: Step, place: int) -> dict[str, Any]:
    bid = step.decision.automatic[place]
    return {
        "sequence": step.entry.sequence + place + 1,
        "at": step.entry.raw["at"],
        "action": str(Action.BID),
        "bidder": bid.bidder,
        "amount": decimal_text(bid.amount, record.terms.currency),
        "amount_minor": bid.amount,
        "decision": "accepted",
        "idempotency_key": None,
    }


def end_differs(record: Record, done: Rerun) -> Found:
    """Where the rules come to another end."""
    if done.state.outcome is Outcome.OPEN:
        yield "result.outcome", "the rules have not ended this auction"
        return
    expected = result(record.terms, done.state)
    written = record.raw["result"]
    for name in {**expected, **written}:
        if name not in expected or name not in written or written[name] != expected[name]:
            yield f"result.{name}", f"the rules say {str(expected.get(name))[:200]}"
