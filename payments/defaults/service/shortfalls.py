"""What a defaulter owes beyond the deposit: opened with the next sale, paid in, or given up by two."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock, four_eyes
from marketplace.access import Actor, Verb, require
from marketplace.deals.models import Deal
from marketplace.errors import Conflict, Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move
from payments import ledger
from payments import queries as payment_queries
from payments.defaults import queries
from payments.defaults.models import Shortfall, ShortfallWaiver
from payments.defaults.rules import SHORTFALL_MOVES, DefaultReason, ShortfallStatus
from payments.models import Settlement
from payments.rules import Method, Reason
from payments.service import books, forfeited
from payments.service.acts import record
from payments.service.on_statements import require_not_on_statement


def open_shortfall(session: Session, settlement: Settlement) -> Shortfall | None:
    """The claim against the defaulter, where the deposit has not sufficed and the pack pursues the rest."""
    if not settlement.pursuable_minor:
        return None
    deal = session.get_one(Deal, settlement.deal_id)
    row = Shortfall(
        settlement_id=settlement.id,
        deal_id=deal.id,
        debtor_id=deal.buyer_id,
        amount_minor=settlement.pursuable_minor,
        currency=settlement.currency,
        opened_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(session, "open_shortfall", deal.id, None, minor=row.amount_minor)
    notify(
        session,
        deal.buyer_id,
        NoticeKind.SHORTFALL_OPENED,
        f"/money/deals/{deal.id}/payment",
        title=deal.lot.title,
        amount=Money(row.amount_minor, row.currency),
    )
    return row


def record_paid(
    session: Session, actor: Actor, shortfall_id: uuid.UUID, *, minor: int, bank_reference: str
) -> Shortfall:
    """The defaulter has paid it: the money goes where the price would have gone.

    Raises:
        Refused: no bank reference, or another amount than is owed.
        Conflict: it is paid or given up, or the line of the statement is recorded already.
        NotFound, NotAllowed: no such shortfall; as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    row, reference = queries.lock_shortfall(session, shortfall_id), bank_reference.strip()[:100]
    check_move(SHORTFALL_MOVES, row.status, ShortfallStatus.PAID)
    if minor != row.amount_minor:
        whole = str(Money(row.amount_minor, row.currency))
        raise Refused(DefaultReason.NOT_THE_WHOLE, field="amount", whole=whole)
    if not reference:
        raise Refused(Reason.UNKNOWN_REFERENCE, field="bank_reference")
    if payment_queries.receipt_by_bank_reference(session, reference) is not None:
        raise Conflict(Reason.RECORDED_ALREADY, field="bank_reference")
    require_not_on_statement(session, reference)
    row.status, row.bank_reference, row.ended_at = ShortfallStatus.PAID, reference, clock.now()
    deal = row.deal
    here = books.forfeited(deal.lot_id, deal.id, row.currency)
    arrived = ledger.movement(ledger.cash(Method.BANK_TRANSFER, row.currency), here, minor)
    key = f"shortfall:{row.id}"
    books.post(session, key, subject_id=row.id, lot_id=deal.lot_id, postings=arrived)
    forfeited.settle_shortfall(session, deal, row.settlement, minor)
    record(session, "shortfall_paid", deal.id, actor, minor=minor, bank_reference=reference)
    return row


def propose_waiver(session: Session, actor: Actor, shortfall_id: uuid.UUID, reason: str) -> ShortfallWaiver:
    """The first officer: the rest is not pursued.

    Raises:
        Refused: without a reason.
        Conflict: it is paid or given up, or such a proposal waits.
        NotFound, NotAllowed: no such shortfall; as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    row = queries.lock_shortfall(session, shortfall_id)
    if row.status is not ShortfallStatus.OPEN:
        raise Conflict(DefaultReason.SHORTFALL_ENDED)
    if any(waiver.waits for waiver in queries.waivers_of(session, row.id)):
        raise Conflict(DefaultReason.PROPOSED_ALREADY)
    waiver = ShortfallWaiver(
        shortfall_id=row.id, shortfall=row, **four_eyes.proposed(actor, reason, clock.now())
    )
    session.add(waiver)
    session.flush()
    record(session, "propose_shortfall_waiver", row.deal_id, actor, reason=waiver.reason)
    return waiver


def answer_waiver(
    session: Session, actor: Actor, waiver_id: uuid.UUID, *, agreed: bool, reason: str
) -> ShortfallWaiver:
    """The second officer agrees, and nothing is owed any more; or does not.

    Raises:
        Refused: without a reason.
        Conflict: it is answered, or the shortfall is paid meanwhile.
        NotFound, NotAllowed: no such waiver; the actor proposed it; as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    waiver = queries.lock_waiver(session, waiver_id)
    row, now = queries.lock_shortfall(session, waiver.shortfall_id), clock.now()
    four_eyes.settle(waiver, actor, agreed=agreed, answer=reason, now=now)
    if agreed:
        check_move(SHORTFALL_MOVES, row.status, ShortfallStatus.WAIVED)
        row.status, row.ended_at = ShortfallStatus.WAIVED, now
    record(session, "answer_shortfall_waiver", row.deal_id, actor, reason=waiver.answer, agreed=agreed)
    return waiver
