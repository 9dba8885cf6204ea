"""Acts about money that need two persons: one proposes, another approves, and it is carried out at once."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock, four_eyes
from marketplace.access import Actor, Verb, require
from marketplace.deals import queries as deal_queries
from marketplace.deals.models import Deal
from marketplace.errors import Conflict
from payments.disputes import queries
from payments.disputes.models import Debt, MoneyDecision
from payments.disputes.rules import DebtStatus, DecisionKind, DisputeReason
from payments.disputes.service import bearing, refunding, waiving
from payments.service.acts import record


def propose_about_sale(
    session: Session,
    actor: Actor,
    kind: DecisionKind,
    deal_id: uuid.UUID,
    *,
    reason: str,
    minor: int = 0,
    proof: str = "",
) -> MoneyDecision:
    """The first person: give the buyer back `minor`, or pay out before the hold-back period ends.

    Raises:
        Refused: no reason, no proof of a refund, or an amount that cannot be refunded.
        Conflict: the sale is not paid, is disputed, nothing is held back, or the same waits already.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    deal = deal_queries.lock_deal(session, deal_id)
    if kind is DecisionKind.REFUND:
        refunding.check(session, deal, minor, proof)
    elif kind is DecisionKind.WAIVE_HOLD_BACK:
        waiving.check(session, deal)
    else:
        raise AssertionError(f"{kind} is about a debt")
    return _propose(session, actor, kind, deal=deal, debt=None, minor=minor, reason=reason, proof=proof)


def propose_about_debt(
    session: Session, actor: Actor, kind: DecisionKind, debt_id: uuid.UUID, *, reason: str
) -> MoneyDecision:
    """The first person: nobody will pay this debt, or the payees of the sale bear it.

    Raises:
        Refused: no reason is given.
        Conflict: the debt has ended, its sale is not settled, or the same waits already.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    debt = queries.lock_debt(session, debt_id)
    _check_debt(session, kind, debt)
    return _propose(
        session, actor, kind, deal=debt.deal, debt=debt, minor=debt.open_minor, reason=reason, proof=""
    )


def approve(session: Session, actor: Actor, decision_id: uuid.UUID, answer: str) -> MoneyDecision:
    """The second person agrees, and it is carried out in the same transaction.

    Raises:
        Refused: no reason is given.
        Conflict: it is answered, or cannot be carried out any more.
        NotFound, NotAllowed: the actor proposed it, or as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    decision = queries.lock_decision(session, decision_id)
    four_eyes.settle(decision, actor, agreed=True, answer=answer, now=clock.now())
    record(session, f"{decision.kind}_approved", decision.id, actor, reason=decision.answer)
    _carry_out(session, decision)
    return decision


def refuse(session: Session, actor: Actor, decision_id: uuid.UUID, answer: str) -> MoneyDecision:
    """The second person does not agree; nothing happens.

    Raises:
        Refused, Conflict, NotFound, NotAllowed: as `approve`.
    """
    require(actor, Verb.RELEASE_MONEY)
    decision = queries.lock_decision(session, decision_id)
    four_eyes.settle(decision, actor, agreed=False, answer=answer, now=clock.now())
    record(session, f"{decision.kind}_refused", decision.id, actor, reason=decision.answer)
    return decision


def _check_debt(session: Session, kind: DecisionKind, debt: Debt) -> None:
    if debt.status is not DebtStatus.OPEN:
        raise Conflict(DisputeReason.DEBT_ENDED)
    if kind is DecisionKind.CHARGE_TO_SALE:
        bearing.settlement_to_charge(session, debt)
    elif kind is not DecisionKind.WRITE_OFF:
        raise AssertionError(f"{kind} is about a sale")


def _carry_out(session: Session, decision: MoneyDecision) -> None:
    """Everything is looked at again: a dispute may have come since it was proposed."""
    if decision.debt_id is not None:
        debt = queries.lock_debt(session, decision.debt_id)
        _check_debt(session, decision.kind, debt)
        if decision.kind is DecisionKind.CHARGE_TO_SALE:
            bearing.charge_to_sale(session, decision, debt)
        else:
            bearing.write_off(session, decision, debt)
        return
    if decision.deal_id is None:
        raise AssertionError("a decision is about a sale or a debt")
    deal = deal_queries.lock_deal(session, decision.deal_id)
    if decision.kind is DecisionKind.REFUND:
        refunding.check(session, deal, decision.amount_minor, decision.proof)
        refunding.refund(session, decision, deal)
    else:
        waiving.check(session, deal)
        waiving.waive(session, deal)


def _propose(
    session: Session,
    actor: Actor,
    kind: DecisionKind,
    *,
    deal: Deal | None,
    debt: Debt | None,
    minor: int,
    reason: str,
    proof: str,
) -> MoneyDecision:
    deal_id, debt_id = deal.id if deal else None, debt.id if debt else None
    if queries.waiting_decision(session, kind, deal_id=deal_id, debt_id=debt_id) is not None:
        raise Conflict(DisputeReason.DECISION_WAITS)
    currency = debt.currency if debt else deal.currency if deal else ""
    decision = MoneyDecision(
        kind=kind,
        deal_id=deal_id,
        debt_id=debt_id,
        amount_minor=minor,
        currency=currency,
        proof=proof.strip()[:200],
        answer="",
        **four_eyes.proposed(actor, reason, clock.now()),
    )
    session.add(decision)
    session.flush()
    record(session, f"{kind}_proposed", decision.id, actor, reason=decision.reason, minor=minor)
    return decision
