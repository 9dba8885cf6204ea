"""Money out: an officer prepares, another person approves, the bank pays (four eyes)."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require, require_four_eyes
from marketplace.canonical import digest
from marketplace.deals import service as deals
from marketplace.errors import Conflict, Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move
from payments import ledger, queries
from payments.connect.service.transfers import prepare_transfer
from payments.ledger import AccountName
from payments.models import Payout
from payments.rules import ENDED_PAYOUTS, PAYOUT_MOVES, Method, PayoutKind, PayoutStatus, Reason, check_reason
from payments.service import books, releasing
from payments.service.acts import record
from payments.service.on_statements import require_not_on_statement

_RELEASED = frozenset({PayoutStatus.APPROVED, *ENDED_PAYOUTS})


def prepare_payout(session: Session, actor: Actor, payout_id: uuid.UUID, reason: str) -> Payout:
    """The first person: this payee gets this amount.

    Raises:
        Refused: no reason is given.
        Conflict: the payout is not due, or something keeps it here.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    payout = queries.lock_payout(session, payout_id)
    releasing.require_free(session, payout)
    payout.reason = check_reason(reason)
    payout.prepared_by_id, payout.prepared_at = actor.person_id, clock.now()
    payout.content_hash = content_hash(payout)
    _move(session, payout, PayoutStatus.PREPARED, actor)
    return payout


def approve_payout(session: Session, actor: Actor, payout_id: uuid.UUID, reason: str) -> Payout:
    """The second person releases the money; with the last payout of a settlement the deal is completed.

    Raises:
        Refused: no reason is given.
        Conflict: the payout is not prepared, or not what was prepared, or something keeps it here.
        NotAllowed: the actor prepared it, or as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    payout = queries.lock_payout(session, payout_id)
    reason = check_reason(reason)
    makers = frozenset({payout.prepared_by_id} if payout.prepared_by_id else ())
    require_four_eyes(actor, Subject(makers=makers))
    releasing.require_free(session, payout)
    check_move(PAYOUT_MOVES, payout.status, PayoutStatus.APPROVED)
    if payout.content_hash != content_hash(payout):
        raise Conflict(Reason.CONTENT_CHANGED)
    payout.approved_by_id, payout.approved_at = actor.person_id, clock.now()
    _move(session, payout, PayoutStatus.APPROVED, actor, reason)
    prepare_transfer(session, payout)
    _complete_when_released(session, payout)
    return payout


def send_back(session: Session, actor: Actor, payout_id: uuid.UUID, reason: str) -> Payout:
    """The second person does not agree: the payout is due again.

    Raises:
        Refused: no reason is given.
        Conflict: the payout is not prepared.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    payout = queries.lock_payout(session, payout_id)
    _move(session, payout, PayoutStatus.DUE, actor, check_reason(reason))
    payout.prepared_by_id, payout.prepared_at, payout.content_hash = None, None, ""
    return payout


def confirm_paid(session: Session, actor: Actor, payout_id: uuid.UUID, bank_reference: str) -> Payout:
    """The bank has paid it: the money leaves the ledger.

    Raises:
        Refused: no bank reference, or the bank account holds less (collect the gateway's money first).
        Conflict: the payout is not approved, or something keeps it here.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    payout = queries.lock_payout(session, payout_id)
    releasing.require_free(session, payout)
    if payout.transfer_object:
        raise Conflict(Reason.NOT_AWAITED)
    reference = _bank_reference(bank_reference)
    require_not_on_statement(session, reference)
    return mark_paid(session, payout, reference, ledger.cash(Method.BANK_TRANSFER, payout.currency), actor)


def mark_paid(
    session: Session, payout: Payout, bank_reference: str, paid_from: AccountName, actor: Actor | None
) -> Payout:
    """The money has left: by an officer's word from the bank's cash, or by a line from what it explains.

    Raises:
        Conflict: the payout is not approved.
    """
    _move(session, payout, PayoutStatus.PAID, actor)
    payout.bank_reference, payout.paid_at = bank_reference[:100], clock.now()
    out = ledger.movement(payout.account.name, paid_from, payout.amount_minor)
    key = f"payout:{payout.id}"
    books.post(session, key, subject_id=payout.id, lot_id=payout.lot_id, postings=out)
    if payout.institution_id is not None:
        notify(
            session,
            payout.institution_id,
            NoticeKind.PAYOUT_PAID,
            "/money",
            title=payout.bank_reference,
            amount=Money(payout.amount_minor, payout.currency),
        )
    return payout


def collect_from_gateway(
    session: Session, actor: Actor, *, minor: int, currency: str, bank_reference: str
) -> None:
    """The gateway has paid what it collected into the bank account.

    Raises:
        Refused: nothing arrived, or more than the gateway holds for us.
        Conflict: this line of the statement is recorded already.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    if minor <= 0:
        raise Refused(Reason.NOTHING_RECEIVED, field="amount")
    reference = _bank_reference(bank_reference)
    require_not_on_statement(session, reference)
    key = f"collected:{reference}"
    if queries.transaction_by_key(session, key) is not None:
        raise Conflict(Reason.RECORDED_ALREADY, field="bank_reference")
    bank, gateway = ledger.cash(Method.BANK_TRANSFER, currency), ledger.cash(Method.STRIPE, currency)
    act_id = uuid.uuid4()
    moved = ledger.movement(bank, gateway, minor)
    books.post(session, key, subject_id=act_id, lot_id=None, postings=moved)
    record(session, "collect_from_gateway", act_id, actor, minor=minor, currency=currency)


def content_hash(payout: Payout) -> str:
    """What the second person approves: who gets how much out of which account."""
    return digest(
        {
            "payout": str(payout.id),
            "payee": payout.payee,
            "institution": str(payout.institution_id),
            "account": payout.account.code,
            "minor": payout.amount_minor,
            "currency": payout.currency,
        }
    )


def _bank_reference(text: str) -> str:
    if not text.strip():
        raise Refused(Reason.UNKNOWN_REFERENCE, field="bank_reference")
    return text.strip()[:100]


def _complete_when_released(session: Session, payout: Payout) -> None:
    settlement = payout.settlement
    if settlement is None or settlement.kind is not PayoutKind.SETTLEMENT:
        return
    session.flush()
    if all(other.status in _RELEASED for other in queries.payouts_of(session, settlement.id)):
        deals.complete(session, settlement.deal)


def _move(session: Session, payout: Payout, new: PayoutStatus, actor: Actor | None, reason: str = "") -> None:
    check_move(PAYOUT_MOVES, payout.status, new)
    payout.status = new
    record(
        session,
        f"payout_{new}",
        payout.id,
        actor,
        reason=reason or payout.reason,
        minor=payout.amount_minor,
        payee=payout.payee,
    )
