"""Disputes, refunds and debts: their states, and who bears what a sale brings less than was settled. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from marketplace.errors import Refused
from marketplace.money import split
from marketplace.status import Moves
from payments.waterfall import Step


class DisputeReason(StrEnum):
    """Why an act about disputes, debts or refunds is refused."""

    NOT_RECEIVED = "not_received"
    DISPUTED_ALREADY = "disputed_already"
    DISPUTE_IS_OPEN = "dispute_is_open"
    DISPUTE_IS_CLOSED = "dispute_is_closed"
    PRICE_TAKEN_BACK = "price_taken_back"
    DISPUTE_OF_GATEWAY = "dispute_of_gateway"
    PAYOUT_BLOCKED = "payout_blocked"
    MORE_THAN_OWED = "more_than_owed"
    MORE_THAN_DISTRIBUTED = "more_than_distributed"
    DEBT_ENDED = "debt_ended"
    DEBT_OF_ANOTHER = "debt_of_another"
    NOT_SETTLED = "not_settled"
    ONLY_THE_WHOLE = "only_the_whole"
    NOT_PAID_YET = "not_paid_yet"
    NOTHING_HELD_BACK = "nothing_held_back"
    DECISION_WAITS = "decision_waits"
    DUE_BY_IN_THE_PAST = "due_by_in_the_past"


class DisputeKind(StrEnum):
    """Who asks the money back: the holder of a card or wallet through the gateway, or the sending bank."""

    CHARGEBACK = "chargeback"
    RECALL = "recall"


class DisputeStatus(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


# open: nothing of the sale leaves. won: the money is ours for good. lost: the payer owes the price again.
DISPUTE_MOVES: Moves[DisputeStatus] = {
    DisputeStatus.OPEN: frozenset({DisputeStatus.WON, DisputeStatus.LOST}),
    DisputeStatus.WON: frozenset({DisputeStatus.OPEN, DisputeStatus.LOST}),
    DisputeStatus.LOST: frozenset(),
}


class DebtCause(StrEnum):
    """What a debt comes of: a lost dispute, a loss that the sale's payees bear, a refund after payout."""

    DISPUTE_LOST = "dispute_lost"
    CHARGED_TO_SALE = "charged_to_sale"
    REFUND = "refund"


class DebtStatus(StrEnum):
    OPEN = "open"
    PAID = "paid"
    WRITTEN_OFF = "written_off"
    CHARGED_TO_SALE = "charged_to_sale"


# open → paid in full, by money or by set-off; or nobody will pay it; or the payees of the sale bear it.
DEBT_MOVES: Moves[DebtStatus] = {
    DebtStatus.OPEN: frozenset({DebtStatus.PAID, DebtStatus.WRITTEN_OFF, DebtStatus.CHARGED_TO_SALE}),
    DebtStatus.PAID: frozenset(),
    DebtStatus.WRITTEN_OFF: frozenset(),
    DebtStatus.CHARGED_TO_SALE: frozenset(),
}


class DecisionKind(StrEnum):
    """What two persons decide about money: one proposes it, another approves, then it is carried out."""

    REFUND = "refund"
    CHARGE_TO_SALE = "charge_to_sale"
    WRITE_OFF = "write_off"
    WAIVE_HOLD_BACK = "waive_hold_back"


class EvidenceKind(StrEnum):
    """What is handed in to win a dispute."""

    CONFIRMATION = "confirmation"
    RECEIPT = "receipt"
    TERMS = "terms"
    TRANSFER = "transfer"
    LEDGER = "ledger"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reduction:
    """What one party gets less in one step of a settlement, in minor units."""

    step: Step
    party: str
    kind: str
    minor: int


def reductions(lines: Sequence[Mapping[str, object]], minor: int) -> tuple[Reduction, ...]:
    """Who bears that a settled sale brings `minor` less: the waterfall runs backwards.

    What was paid last is taken first: the surplus, then claims from the last rank up, equal ranks in
    proportion to what each was paid (as Civil Code 414 pays them), then commissions and costs in the
    reverse of their order. A buyer-borne commission stands beside the price and is touched last.

    Args:
        lines: of a settlement, as written: `{step, party, paid, rank, …}`.
        minor: minor units.

    Raises:
        Refused: the lines paid less than that.
    """
    if minor > sum(_paid(line) for line in lines):
        raise Refused(DisputeReason.MORE_THAN_DISTRIBUTED, field="amount")
    backwards = sorted(lines, key=_place)[::-1]
    found: list[Reduction] = []
    for _, group in groupby(backwards, key=_place):
        equals = list(group)
        paid = [_paid(line) for line in equals]
        part = min(minor, sum(paid))
        minor -= part
        shares = split(part, paid) if part else [0] * len(equals)
        found += [
            Reduction(Step(str(line["step"])), str(line["party"]), str(line.get("kind") or ""), share)
            for line, share in zip(equals, shares, strict=True)
            if share
        ]
    return tuple(found)


_ORDER = tuple(Step)


def _paid(line: Mapping[str, object]) -> int:
    return int(str(line["paid"]))


def _place(line: Mapping[str, object]) -> tuple[int, int]:
    """Where a line stands in the waterfall; lines of equal place share."""
    return _ORDER.index(Step(str(line["step"]))), int(str(line.get("rank") or 0))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a dispute stands, as the gateway says: what it has taken back so far, in minor units."""

    status: DisputeStatus
    taken: int


def outcome(gateway_status: str, amount: int, taken: int) -> Outcome:
    """A gateway's word for a dispute in ours. A word we do not know keeps the sale's money where it is.

    A dispute that is lost has cost its whole amount, even where the list of movements is not there yet.
    """
    if gateway_status == "lost":
        return Outcome(DisputeStatus.LOST, amount)
    if gateway_status in {"won", "warning_closed"}:
        return Outcome(DisputeStatus.WON, 0)
    return Outcome(DisputeStatus.OPEN, taken)


# The days after which an open debt is reminded of, counted from when it arose; then every thirty days.
REMIND_AFTER_DAYS = (7, 14, 30)
REMIND_EVERY_DAYS = 30


def next_reminder_days(reminders: int) -> int:
    """How many days after a debt arose its next reminder is due, when `reminders` were sent."""
    if reminders < len(REMIND_AFTER_DAYS):
        return REMIND_AFTER_DAYS[reminders]
    return REMIND_AFTER_DAYS[-1] + REMIND_EVERY_DAYS * (reminders + 1 - len(REMIND_AFTER_DAYS))


def set_off_minor(outstanding: int, payout: int) -> int:
    """How much of a payout covers a debt: never more than either, in minor units."""
    return min(outstanding, payout)
