"""Sales that were undone, or brought less, after they stood in the record: a new record names the old."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from payments.disputes.models import MoneyDecision
from payments.disputes.rules import DecisionKind
from transactions.models import CarriedSale, TransactionRecord
from transactions.queries import newest_of
from transactions.rules.facts import SaleFacts
from transactions.rules.words import SaleOutcome

_REASONS = {
    DecisionKind.REFUND: "The buyer was given back what it had paid.",
    DecisionKind.CHARGE_TO_SALE: "The price was taken back and is borne by those it was paid to.",
    DecisionKind.WRITE_OFF: "The price was taken back and nobody will pay it again.",
}
_REDUCED = {
    DecisionKind.REFUND: "A part of the price was given back to the buyer.",
    DecisionKind.CHARGE_TO_SALE: "A part of the price was taken back and is borne by those it was paid to.",
    DecisionKind.WRITE_OFF: "A part of the price was taken back and nobody will pay it again.",
}


def facts_of_decision(session: Session, decision: MoneyDecision, marketplace: str) -> SaleFacts:
    """The facts of the record that replaces the newest one of the decision's sale.

    The whole price gone, the sale is reversed; a part gone, it was sold for what is left.

    Raises:
        LookupError: the sale does not stand in the record.
    """
    record = newest_record(session, decision)
    facts = record.facts()
    left = (facts.price_minor or 0) - decision.amount_minor
    return replace(
        facts,
        source_marketplace=marketplace,
        source_kind="decision",
        source_id=str(decision.id),
        corrects=record.id,
        **_after(decision.kind, left),
    )


def _after(kind: DecisionKind, left: int) -> dict[str, Any]:
    if left > 0:
        return {"price_minor": left, "correction_reason": _REDUCED[kind]}
    return {
        "outcome": SaleOutcome.REVERSED,
        "usable": False,
        "exclusion_reason": _REASONS[kind],
        "correction_reason": _REASONS[kind],
    }


def newest_record(session: Session, decision: MoneyDecision) -> TransactionRecord:
    """The record of the decision's sale that no later one replaces; raises LookupError without one."""
    mark = session.get(CarriedSale, ("deal", decision.deal_id)) if decision.deal_id else None
    record = session.get(TransactionRecord, mark.record_id) if mark else None
    if record is None:
        raise LookupError(f"the sale of decision {decision.id} is not recorded")
    return newest_of(session, record)
