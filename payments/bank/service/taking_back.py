"""A buyer's money that was never the buyer's: what it did is taken back before the match is undone."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import service as auctions
from auctions.rules import Outcome
from marketplace.errors import Refused
from payments import ledger
from payments import queries as money
from payments.bank.models import LineMatch
from payments.bank.rules.words import Reason
from payments.bank.service.carrying_out import cancel
from payments.models import Deposit, Payout
from payments.rules import ENDED_PAYOUTS, DepositStatus, Method
from payments.service import books, deposits


def take_back(session: Session, wrong: LineMatch) -> None:
    """Free the money that a wrong line brought: its returns are cancelled, a deposit held by it is not.

    Raises:
        Refused: it is part of a price, forfeited, on its way out, or the auction has ended.
    """
    if wrong.institution_id is None or wrong.lot_id is None:
        raise AssertionError("a buyer's money is somebody's, for a lot")
    own = books.buyer_balance(wrong.lot_id, wrong.institution_id, wrong.currency)
    _cancel_returns(session, books.account(session, own).id)
    if books.balance(session, own) < wrong.amount_minor:
        _release_deposit(session, wrong)
    if books.balance(session, own) < wrong.amount_minor:
        raise Refused(Reason.MONEY_USED)


def _cancel_returns(session: Session, account_id: uuid.UUID) -> None:
    statement = select(Payout).where(Payout.account_id == account_id, Payout.status.not_in(ENDED_PAYOUTS))
    for payout in session.scalars(statement.with_for_update(of=Payout)):
        cancel(session, payout)


def _release_deposit(session: Session, wrong: LineMatch) -> None:
    """The bidder has not paid the deposit: no bidding before it comes."""
    statement = select(Deposit.id).where(
        Deposit.institution_id == wrong.institution_id,
        Deposit.lot_id == wrong.lot_id,
        Deposit.status == DepositStatus.HELD,
        Deposit.method == Method.BANK_TRANSFER,
    )
    for deposit_id in session.scalars(statement):
        deposit = money.lock_deposit(session, deposit_id)
        open_still = deposit.registration.auction.outcome is Outcome.OPEN and deposit.deal_id is None
        if deposit.status is not DepositStatus.HELD or not open_still:
            continue
        held = books.deposit_held(deposit.lot_id, deposit.institution_id, deposit.currency)
        own = books.buyer_balance(deposit.lot_id, deposit.institution_id, deposit.currency)
        deposits.post(session, deposit, "expired", ledger.movement(held, own, deposit.amount_minor))
        deposits.move(session, deposit, DepositStatus.EXPIRED)
        auctions.set_deposit_held(session, deposit.registration_id, held=False)
        deposits.ask_again(session, deposit)
