"""A rehearsal as frames to be played, and as a scenario file to be replayed. Pure."""

from datetime import datetime, timedelta
from typing import Any

from auctions.record.frames import Frame
from auctions.rehearsal.run import Act, Rehearsal
from auctions.rules import WITH_AMOUNT, Action, RecordedBid
from auctions.written.results import result
from auctions.written.terms import write_terms
from marketplace.clock import moment_text


def frames_of(rehearsal: Rehearsal) -> list[Frame]:
    """Every act, and the automatic bids it caused, in order; numbered as a journal would be."""
    found: list[Frame] = []
    ends_at = rehearsal.terms.closes_at
    for act in rehearsal.acts:
        moved = _moved(ends_at, act.decision.state.closes_at)
        found.append(_frame(act, len(found) + 1, moved, None))
        for bid in act.decision.automatic:
            found.append(_frame(act, len(found) + 1, timedelta(0), bid))
        ends_at = act.decision.state.closes_at
    return found


def _moved(before: datetime | None, after: datetime | None) -> timedelta:
    return timedelta(0) if before is None or after is None else after - before


def _frame(act: Act, sequence: int, moved: timedelta, automatic: RecordedBid | None) -> Frame:
    event, state = act.event, act.decision.state
    return Frame(
        sequence=sequence,
        at=event.at,
        action=Action.BID if automatic else event.action,
        bidder=automatic.bidder if automatic else event.bidder,
        amount=None if automatic else event.amount,
        amount_minor=automatic.amount if automatic else act.decision.amount_minor,
        decision="accepted" if automatic else str(act.decision),
        automatic=automatic is not None,
        price=state.price,
        leader=state.leader,
        closes_at=state.closes_at,
        extended_by=moved,
    )


def as_scenario(rehearsal: Rehearsal, name: str) -> dict[str, Any]:
    """The run as a scenario file with what came of it, for `flask auctions replay`."""
    return {
        "scenario": name,
        "about": "A rehearsal with scripted bidders.",
        "source": "rehearsal",
        "auction": write_terms(rehearsal.terms),
        "bidders": [{"id": player.id} for player in rehearsal.players],
        "events": [_event(act) for act in rehearsal.acts],
        "expect": {
            "decisions": [str(act.decision) for act in rehearsal.acts],
            **result(rehearsal.terms, rehearsal.state),
        },
    }


def _event(act: Act) -> dict[str, Any]:
    written: dict[str, Any] = {"at": moment_text(act.event.at), "action": str(act.event.action)}
    if act.event.bidder is not None:
        written["bidder"] = act.event.bidder
    if act.event.action in WITH_AMOUNT:
        written["amount"] = act.event.amount or ""
    return written
