"""What the formats have in common that take bids between two moments, and the phases that all have."""

from datetime import datetime

from auctions.rules import Outcome, Phase, PhaseKind, State, Terms


def end_faults(terms: Terms, needed: str) -> list[tuple[str, str]]:
    """Faults of the end: `needed` says that there must be one."""
    if terms.closes_at is None:
        return [("closes_at", needed)]
    if terms.closes_at <= terms.opens_at:
        return [("closes_at", "must be after opens_at")]
    return []


def schedule_faults(terms: Terms) -> list[tuple[str, str]]:
    """Faults of a format whose end follows from its stages."""
    if terms.closes_at is None:
        return []
    return [("closes_at", "follows from the stages of this format; leave it out")]


def begin_with_end(terms: Terms) -> State:
    return State(closes_at=terms.closes_at)


def waiting(terms: Terms, opens_at: datetime) -> Phase:
    """Before the opening, where nobody may bid yet."""
    return Phase(kind=PhaseKind.WAITING, least=terms.start_price, ends_at=opens_at)


def ended(state: State) -> Phase:
    """After the end: the price where something was sold."""
    return Phase(kind=PhaseKind.ENDED, price=state.price if state.outcome is Outcome.SOLD else None)
