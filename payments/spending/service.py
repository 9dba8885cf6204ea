"""Paying in one deposit for several lots, letting it stand for a lot's, and taking it back.

What is held stands in the ledger, on an account of no lot. When a lot is won, its announced deposit moves
from there to the lot and is a deposit like any other from then on.
"""

import uuid

from sqlalchemy.orm import Session

from auctions import queries as auction_queries
from auctions import service as auctions
from auctions.models import Registration
from auctions.rules import Outcome
from auctions.spending import queries as limits
from auctions.spending import service as spending
from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.money import EXPONENTS
from marketplace.notices.rules import NoticeKind
from payments import ledger
from payments import queries as money
from payments.gateways.bank_transfer import Received, new_reference
from payments.ledger import AccountName, Purpose
from payments.models import Deposit, Payout
from payments.rules import DepositStatus, Method, PayoutKind, Reason
from payments.service import books, deposits
from payments.service.acts import record
from payments.spending import queries
from payments.spending.models import LimitDeposit


def open_limit(session: Session, actor: Actor, currency: str) -> LimitDeposit:
    """Give the institution a reference under which it can pay in; asked again, the same one.

    Raises:
        Refused: no currency that is known here.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.PAY_DEAL, Subject(owner_id=actor.institution_id))
    if currency not in EXPONENTS:
        raise Refused(Reason.WRONG_CURRENCY, field="currency", currency=", ".join(EXPONENTS))
    found = queries.limit_deposit(session, actor.institution_id, currency)
    if found is not None:
        return found
    opened = LimitDeposit(
        institution_id=actor.institution_id,
        currency=currency,
        reference=new_reference(),
        opened_at=clock.now(),
    )
    session.add(opened)
    session.flush()
    record(session, "open_limit", opened.id, actor, currency=currency)
    return opened


def held_account(institution_id: uuid.UUID, currency: str) -> AccountName:
    """A deposit for several lots: it belongs to no lot."""
    return AccountName(Purpose.DEPOSIT_HELD, currency, None, str(institution_id))


def arrived(session: Session, row: LimitDeposit, minor: int, key: str) -> Received:
    """The bank has received `minor` under the reference: it stands for bids from now on."""
    name = held_account(row.institution_id, row.currency)
    postings = ledger.movement(ledger.cash(Method.BANK_TRANSFER, row.currency), name, minor)
    books.post(session, key, subject_id=row.id, lot_id=None, postings=postings)
    follow(session, row)
    return Received(minor, minor)


def follow(session: Session, row: LimitDeposit) -> None:
    """The limit reaches as far as the ledger holds."""
    held = books.balance(session, held_account(row.institution_id, row.currency))
    spending.set_deposit(session, row.institution_id, row.currency, held)


def give_up(session: Session, institution_id: uuid.UUID, currency: str, minor: int) -> None:
    """`minor` of what is held was never the bidder's and is about to be booked back.

    Raises:
        Refused: bids bind it.
    """
    held = books.balance(session, held_account(institution_id, currency))
    spending.set_deposit(session, institution_id, currency, held - minor)


def take_back(session: Session, actor: Actor, currency: str, minor: int) -> Payout:
    """The institution wants part of it back: a payout that two persons release.

    Raises:
        Refused: nothing is asked for, or more than the bids leave free.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.PAY_DEAL, Subject(owner_id=actor.institution_id))
    row = queries.limit_deposit(session, actor.institution_id, currency)
    if row is None or minor <= 0:
        raise Refused(Reason.NOTHING_RECEIVED, field="amount")
    name = held_account(row.institution_id, currency)
    spending.set_deposit(session, row.institution_id, currency, books.balance(session, name) - minor)
    credit = AccountName(Purpose.CREDIT, currency, None, str(row.institution_id))
    payout = Payout(
        id=uuid.uuid4(),
        kind=PayoutKind.RETURN,
        lot_id=None,
        account_id=books.account(session, credit).id,
        institution_id=row.institution_id,
        payee=row.institution.name,
        amount_minor=minor,
        currency=currency,
        due_at=clock.now(),
    )
    postings = ledger.movement(name, credit, minor)
    books.post(session, f"limit:{payout.id}", subject_id=row.id, lot_id=None, postings=postings)
    session.add(payout)
    session.flush()
    record(session, "take_back_limit", row.id, actor, minor=minor)
    return payout


def cover(session: Session, actor: Actor, deposit_id: uuid.UUID) -> Deposit:
    """Let the bidder's limit stand for a lot's deposit.

    Raises:
        Refused: the auction takes none, or too little of the limit is free.
        Conflict: the deposit does not wait for a way to pay.
        NotFound, NotAllowed: as `access.require`.
    """
    deposit, registration = _locked(session, actor, deposit_id)
    if deposit.status is not DepositStatus.REQUIRED:
        raise Conflict(Reason.NOT_AWAITED)
    spending.back(session, registration.auction, registration)
    deposit.method, deposit.problem = Method.SPENDING_LIMIT, ""
    deposits.move(session, deposit, DepositStatus.COVERED, actor=actor)
    return deposit


def uncover(session: Session, actor: Actor, deposit_id: uuid.UUID) -> Deposit:
    """The bidder wants to pay the lot's own deposit after all; not while it leads.

    Raises:
        Refused: a bid binds part of the limit here.
        Conflict: the limit does not stand for it, or the auction has ended.
        NotFound, NotAllowed: as `access.require`.
    """
    deposit, registration = _locked(session, actor, deposit_id)
    if deposit.status is not DepositStatus.COVERED or registration.auction.outcome is not Outcome.OPEN:
        raise Conflict(Reason.NOT_AWAITED)
    spending.withdraw(session, registration)
    auctions.set_deposit_held(session, registration.id, held=False)
    deposits.ask_again(session, deposit)
    return deposit


def _locked(session: Session, actor: Actor, deposit_id: uuid.UUID) -> tuple[Deposit, Registration]:
    """The deposit under its own lock and its auction's."""
    deposit = money.lock_deposit(session, deposit_id)
    require(actor, Verb.PAY_DEAL, deposits.subject_of(deposit))
    auction_queries.lock_auction(session, deposit.registration.auction_id)
    session.refresh(deposit.registration)
    return deposit, deposit.registration


def draw_won(session: Session) -> bool:
    """Move one won lot's deposit out of the limit; True when there was one to move."""
    deposit = queries.covered_and_won(session)
    if deposit is None:
        return False
    row = queries.limit_deposit(session, deposit.institution_id, deposit.currency)
    if row is None:
        raise AssertionError("a limit stands for it that nobody opened")
    spending.release(session, deposit.registration)
    deposits.hold(session, deposit, held_account(deposit.institution_id, deposit.currency))
    follow(session, row)
    return True


def free_lost(session: Session) -> bool:
    """Let one bidder go whose limit stood for a lot that it has not won; True when there was one."""
    deposit = queries.covered_and_lost(session)
    if deposit is None:
        return False
    spending.release(session, deposit.registration)
    deposits.move(session, deposit, DepositStatus.RELEASED)
    deposits.tell(session, deposit, NoticeKind.DEPOSIT_RELEASED)
    return True


def reach(session: Session, institution_id: uuid.UUID, currency: str) -> tuple[int, int]:
    """What is held for several lots and how much of it bids bind, in minor units."""
    limit = limits.limit_of(session, institution_id, currency)
    if limit is None:
        return 0, 0
    return limit.deposit_minor, limits.bound_elsewhere(session, limit.id, None)
