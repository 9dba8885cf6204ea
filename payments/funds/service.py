"""Paying into a fund and withdrawing from it, by two persons; paying somebody out of it."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require, require_four_eyes
from marketplace.errors import Conflict, Refused
from marketplace.parties.models import Institution
from marketplace.status import check_move
from payments import ledger
from payments.funds import queries
from payments.funds.models import FundMovement
from payments.funds.rules import (
    MOVEMENT_MOVES,
    FundReason,
    MovementKind,
    MovementStatus,
    check_amount,
    check_said,
)
from payments.ledger import AccountName, Purpose
from payments.models import Payout
from payments.rules import Method, PayoutKind
from payments.service import books
from payments.service.acts import record


@dataclass(frozen=True, slots=True)
class Fund:
    """A pool or a programme as its money sees it.

    Attributes:
        reserved_minor: of the keeper's money, what is promised and not paid yet.
    """

    id: uuid.UUID
    purpose: Purpose
    currency: str
    keeper_id: uuid.UUID
    reserved_minor: int = 0

    def account(self, party_id: uuid.UUID) -> AccountName:
        """A party's money in this fund."""
        return queries.account_of(self.purpose, self.currency, self.id, party_id)


def prepare_contribution(
    session: Session, actor: Actor, fund: Fund, party_id: uuid.UUID, *, minor: int, bank_reference: str
) -> FundMovement:
    """The operator's officer has found a contribution on the bank statement.

    Raises:
        Refused: no amount, or no bank reference.
        Conflict: this line of the statement is recorded already.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    reference = check_said(bank_reference, FundReason.BANK_REFERENCE_NEEDED, "bank_reference", 100)
    if session.scalar(select(FundMovement.id).where(FundMovement.bank_reference == reference)) is not None:
        raise Conflict(FundReason.BANK_REFERENCE_USED, field="bank_reference")
    movement = _movement(fund, actor, MovementKind.CONTRIBUTION, party_id, minor)
    movement.bank_reference = reference
    return _added(session, movement, actor)


def prepare_withdrawal(
    session: Session, actor: Actor, fund: Fund, party_id: uuid.UUID, *, minor: int, reason: str
) -> FundMovement:
    """The keeper's officer asks for money back; the fund's row must be locked.

    Raises:
        Refused: no amount, no reason, or more than is there and not promised.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.KEEP_FUND, Subject(owner_id=fund.keeper_id))
    reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    movement = _movement(fund, actor, MovementKind.WITHDRAWAL, party_id, minor)
    waiting = queries.withdrawals_waiting(session, fund.id, party_id)
    if minor > free(session, fund, party_id) - waiting:
        raise Refused(FundReason.MORE_THAN_FREE, field="amount")
    movement.reason = reason
    return _added(session, movement, actor)


def answer_movement(
    session: Session, actor: Actor, fund: Fund, movement_id: uuid.UUID, *, confirm: bool
) -> FundMovement:
    """The second person: the operator's approver for a contribution, the keeper's for a withdrawal.

    The fund's row must be locked.

    Raises:
        Refused: more than is there and not promised by now.
        Conflict: it has been answered.
        NotAllowed: the actor prepared it, or as `access.require`.
    """
    movement = queries.lock_movement(session, movement_id)
    inward = movement.kind is MovementKind.CONTRIBUTION
    verb, subject = (Verb.RELEASE_MONEY, None) if inward else (Verb.RELEASE_FUND, Subject(fund.keeper_id))
    require(actor, verb, subject)
    require_four_eyes(actor, Subject(makers=frozenset({movement.prepared_by_id})))
    new = MovementStatus.CONFIRMED if confirm else MovementStatus.REFUSED
    check_move(MOVEMENT_MOVES, movement.status, new)
    movement.status, movement.answered_by_id, movement.answered_at = new, actor.person_id, clock.now()
    if confirm:
        _book(session, fund, movement)
    record(session, f"fund_{movement.kind}_{new}", movement.id, actor, minor=movement.amount_minor)
    return movement


def free(session: Session, fund: Fund, party_id: uuid.UUID) -> int:
    """What a party has in the fund and nobody was promised, in minor units."""
    reserved = fund.reserved_minor if party_id == fund.keeper_id else 0
    return books.balance(session, fund.account(party_id)) - reserved


def receive(
    session: Session, key: str, subject_id: uuid.UUID, shares: dict[AccountName, int], currency: str
) -> None:
    """Money has arrived on the bank account and belongs to these accounts; a key is booked once."""
    postings: tuple[ledger.Posting, ...] = ()
    bank = ledger.cash(Method.BANK_TRANSFER, currency)
    for account, minor in shares.items():
        postings += ledger.movement(bank, account, minor)
    books.post(session, key, subject_id=subject_id, lot_id=None, postings=postings)


def pay_out(
    session: Session,
    fund: Fund,
    kind: PayoutKind,
    source: AccountName,
    payee: Institution | str,
    *,
    minor: int,
) -> Payout:
    """Set `minor` apart for a payee and make the payout, which two persons of the money desk release.

    Raises:
        Refused: the account holds less.
    """
    payout = Payout(
        id=uuid.uuid4(),
        kind=kind,
        institution_id=payee.id if isinstance(payee, Institution) else None,
        payee=payee.name if isinstance(payee, Institution) else payee,
        amount_minor=minor,
        currency=fund.currency,
        due_at=clock.now(),
    )
    apart = AccountName(fund.purpose, fund.currency, None, f"out:{payout.id}")
    moved = ledger.movement(source, apart, minor)
    books.post(session, f"{kind}:{payout.id}", subject_id=fund.id, lot_id=None, postings=moved)
    payout.account_id = books.account(session, apart).id
    session.add(payout)
    session.flush()
    return payout


def _movement(fund: Fund, actor: Actor, kind: MovementKind, party_id: uuid.UUID, minor: int) -> FundMovement:
    return FundMovement(
        fund_id=fund.id,
        purpose=fund.purpose,
        kind=kind,
        party_id=party_id,
        amount_minor=check_amount(minor),
        currency=fund.currency,
        prepared_by_id=actor.person_id,
        prepared_at=clock.now(),
    )


def _added(session: Session, movement: FundMovement, actor: Actor) -> FundMovement:
    session.add(movement)
    session.flush()
    record(session, f"fund_{movement.kind}_prepared", movement.id, actor, minor=movement.amount_minor)
    return movement


def _book(session: Session, fund: Fund, movement: FundMovement) -> None:
    account = fund.account(movement.party_id)
    if movement.kind is MovementKind.CONTRIBUTION:
        shares = {account: movement.amount_minor}
        return receive(session, f"fund:{movement.id}", fund.id, shares, fund.currency)
    if movement.amount_minor > free(session, fund, movement.party_id):
        raise Refused(FundReason.MORE_THAN_FREE, field="amount")
    party = session.get_one(Institution, movement.party_id)
    payout = pay_out(session, fund, PayoutKind.WITHDRAWAL, account, party, minor=movement.amount_minor)
    movement.payout_id = payout.id
    return None
