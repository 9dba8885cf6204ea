"""Approved payouts handed to the bank in one file; each is in one file only."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.canonical import digest
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.parties.second_factor import decrypt, encrypt
from marketplace.status import check_move
from payments import queries as money
from payments.bank import queries
from payments.bank.models import BankAccount, BankLine, LineMatch, PaymentBatch, PaymentOrder
from payments.bank.rules.shares import Source, back_to
from payments.bank.rules.words import BATCH_MOVES, BatchStatus, MatchKind, OrderStatus, Reason
from payments.bank.service.accounts import find_account
from payments.bank.service.acts import record
from payments.bank.service.details import plain_number, standing_details
from payments.gateways.bank_transfer import new_reference
from payments.models import Payout
from payments.rules import PayoutKind, PayoutStatus, check_reason
from payments.service import releasing

MOST_PAYOUTS = 500


@dataclass(frozen=True, slots=True)
class Destination:
    """An account that money goes to, its number in clear, and how much."""

    holder: str
    bank: str
    bank_code: str
    number: str
    minor: int


def make_batch(
    session: Session, actor: Actor, account_id: uuid.UUID, payout_ids: Sequence[uuid.UUID], field_key: str
) -> PaymentBatch:
    """Put approved payouts into one payment file of an account.

    Raises:
        Refused: none is named, one is in another currency, or it is not known where a payee is paid to.
        Conflict: one is not approved, kept here, or in another file already.
        NotFound, NotAllowed: as `find_account`, `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    account = find_account(session, account_id)
    if not payout_ids or len(payout_ids) > MOST_PAYOUTS:
        raise Refused(Reason.NOTHING_TO_EXPORT, "payouts", most=MOST_PAYOUTS)
    batch = PaymentBatch(
        number=f"LC{clock.now():%Y%m%d}{secrets.token_hex(4).upper()}",
        bank_account_id=account.id,
        bank_account=account,
        currency=account.currency,
        count=0,
        total_minor=0,
        digest="",
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    for payout_id in sorted(set(payout_ids)):
        _add_payout(session, batch, account, payout_id, field_key)
    batch.count = len(batch.orders)
    batch.total_minor = sum(order.amount_minor for order in batch.orders)
    batch.digest = content(batch)
    session.add(batch)
    session.flush()
    record(session, "make_batch", batch.id, actor, count=batch.count, minor=batch.total_minor)
    return batch


def content(batch: PaymentBatch) -> str:
    """Digest of what the bank is told to pay."""
    return digest(
        [
            [str(order.payout_id), order.part, order.reference, order.amount_minor, order.currency]
            for order in batch.orders
        ]
    )


def cancel_batch(session: Session, actor: Actor, batch_id: uuid.UUID, reason: str) -> PaymentBatch:
    """The bank did not take the file: its payouts may go into another one.

    Raises:
        Refused: no reason is given, or a line shows that the bank has begun to carry it out.
        Conflict: it is cancelled already.
        NotFound, NotAllowed: there is none, or as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    batch = lock_batch(session, batch_id)
    check_move(BATCH_MOVES, batch.status, BatchStatus.CANCELLED)
    if any(order.status is OrderStatus.CARRIED_OUT for order in batch.orders):
        raise Refused(Reason.BATCH_STARTED)
    batch.status, batch.cancel_reason = BatchStatus.CANCELLED, check_reason(reason)
    batch.cancelled_by_id, batch.cancelled_at = actor.person_id, clock.now()
    for order in batch.orders:
        order.status, order.live_key = OrderStatus.WITHDRAWN, None
    record(session, "cancel_batch", batch.id, actor, reason=batch.cancel_reason)
    return batch


def note_export(session: Session, actor: Actor, batch_id: uuid.UUID, file_format: str) -> PaymentBatch:
    """The file of a batch is fetched, again or for the first time; each time leaves a trace.

    Raises:
        Conflict: the batch is cancelled.
        NotFound, NotAllowed: there is none, or as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    batch = lock_batch(session, batch_id)
    if batch.status is not BatchStatus.EXPORTED:
        raise Conflict(Reason.BATCH_CANCELLED)
    batch.exports += 1
    record(session, "export_batch", batch.id, actor, file_format=file_format, time=batch.exports)
    return batch


def lock_batch(session: Session, batch_id: uuid.UUID) -> PaymentBatch:
    """The batch with its orders, read anew and locked; raises NotFound."""
    statement = select(PaymentBatch).where(PaymentBatch.id == batch_id).with_for_update(of=PaymentBatch)
    batch = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if batch is None:
        raise NotFound("payment_batch")
    return batch


def destinations(session: Session, payout: Payout, field_key: str) -> list[Destination]:
    """Where a payout goes: a buyer's money back to the accounts it came from, all else to stated details.

    Raises:
        Refused: nobody has said where the payee is paid to.
    """
    back = _paying_accounts(session, payout) if payout.kind is PayoutKind.RETURN else []
    shares = back_to([Source(number, line.amount_minor) for number, line in back], payout.amount_minor)
    lines = dict(reversed(back))
    found = [
        Destination(lines[number].counterparty, lines[number].counterparty_bank, "", number, minor)
        for number, minor in shares
    ]
    rest = payout.amount_minor - sum(one.minor for one in found)
    if rest:
        party = str(payout.institution_id) if payout.institution_id else payout.payee
        details = standing_details(session, party, clock.now())
        if details is None:
            raise Refused(Reason.NO_BANK_DETAILS, "payouts", payee=payout.payee)
        number = plain_number(details, field_key)
        found.append(Destination(details.holder, details.bank, details.bank_code, number, rest))
    return found


def _paying_accounts(session: Session, payout: Payout) -> list[tuple[str, BankLine]]:
    """The lines by which the money of a return came, the newest first, by the account that paid."""
    if payout.institution_id is not None and payout.lot_id is not None:
        matches = queries.standing_matches_for(session, payout.institution_id, payout.lot_id)
    else:
        statement = select(LineMatch).where(
            LineMatch.kind == MatchKind.RETURN, LineMatch.subject_id == payout.id
        )
        matches = list(session.scalars(statement))
    lines = [found.line for found in matches]
    return [(line.counterparty_number, line) for line in lines if line.counterparty_number]


def number_of_order(order: PaymentOrder, field_key: str) -> str:
    """The payee's account in clear, for the file."""
    return decrypt(field_key, order.number)


def _add_payout(
    session: Session, batch: PaymentBatch, account: BankAccount, payout_id: uuid.UUID, field_key: str
) -> None:
    payout = money.lock_payout(session, payout_id)
    if payout.status is not PayoutStatus.APPROVED or payout.transfer_object:
        raise Conflict(Reason.NOTHING_TO_EXPORT, "payouts", most=MOST_PAYOUTS)
    releasing.require_free(session, payout)
    if payout.currency != account.currency:
        raise Refused(Reason.OTHER_CURRENCY, "payouts", currency=account.currency)
    if live_order(session, payout.id) is not None:
        raise Conflict(Reason.IN_A_BATCH, "payouts")
    for part, to in enumerate(destinations(session, payout, field_key), start=1):
        batch.orders.append(
            PaymentOrder(
                position=len(batch.orders) + 1,
                payout_id=payout.id,
                part=part,
                live_key=f"{payout.id}:{part}",
                reference=new_reference(),
                holder=to.holder,
                bank=to.bank,
                bank_code=to.bank_code,
                number=encrypt(field_key, to.number),
                number_tail=to.number[-4:],
                amount_minor=to.minor,
                currency=payout.currency,
            )
        )


def live_order(session: Session, payout_id: uuid.UUID) -> PaymentOrder | None:
    """An order of the payout that the bank has or has carried out."""
    statement = select(PaymentOrder).where(
        PaymentOrder.payout_id == payout_id, PaymentOrder.status != OrderStatus.WITHDRAWN
    )
    return session.scalars(statement.limit(1)).first()
