"""Reads of guarantee letters."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from auctions.models import Auction, Registration
from auctions.rules import Outcome
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.due import take_first
from marketplace.errors import NotFound
from payments.guarantees.models import GuaranteeLetter
from payments.guarantees.rules import ALIVE, WARN_BEFORE, GuaranteeStatus
from payments.models import Deposit
from payments.queries.due import won
from payments.rules import DepositStatus

LIMIT = 200


def lock_letter(session: Session, letter_id: uuid.UUID) -> GuaranteeLetter:
    """The letter, read anew and locked; raises NotFound."""
    statement = select(GuaranteeLetter).where(GuaranteeLetter.id == letter_id)
    locking = statement.with_for_update(of=GuaranteeLetter).execution_options(populate_existing=True)
    letter = session.scalars(locking).one_or_none()
    if letter is None:
        raise NotFound("guarantee letter")
    return letter


def letters_of(session: Session, deposit_id: uuid.UUID) -> list[GuaranteeLetter]:
    """The letters handed in for a deposit, the newest first."""
    statement = select(GuaranteeLetter).filter_by(deposit_id=deposit_id)
    return list(session.scalars(statement.order_by(GuaranteeLetter.handed_in_at.desc()).limit(LIMIT)))


def open_letters(session: Session) -> list[GuaranteeLetter]:
    """What officers have to look at or wait for, those to be decided first."""
    statement = select(GuaranteeLetter).where(GuaranteeLetter.status.in_(ALIVE))
    by_age = statement.order_by(GuaranteeLetter.handed_in_at).limit(LIMIT)
    order = list(ALIVE)
    return sorted(session.scalars(by_age), key=lambda letter: order.index(letter.status))


def stands_elsewhere(session: Session, guarantor: str, number: str, deposit_id: uuid.UUID) -> bool:
    """Whether the same letter stands for another deposit, or may yet."""
    statement = select(GuaranteeLetter.id).where(
        GuaranteeLetter.guarantor == guarantor,
        GuaranteeLetter.number == number,
        GuaranteeLetter.deposit_id != deposit_id,
        GuaranteeLetter.status.in_(ALIVE),
    )
    return session.scalars(statement.limit(1)).first() is not None


def _accepted() -> Select[GuaranteeLetter]:
    return (
        select(GuaranteeLetter)
        .join(Deposit, Deposit.id == GuaranteeLetter.deposit_id)
        .join(Registration, Registration.id == Deposit.registration_id)
        .join(Auction, Auction.id == Registration.auction_id)
        .where(GuaranteeLetter.status == GuaranteeStatus.ACCEPTED, Deposit.status == DepositStatus.HELD)
        .order_by(GuaranteeLetter.handed_in_at, GuaranteeLetter.id)
    )


def _defaulted() -> ColumnElement[bool]:
    return select(Deal.id).where(Deal.id == Deposit.deal_id, Deal.status == DealStatus.DEFAULTED).exists()


def letter_to_call(session: Session) -> GuaranteeLetter | None:
    """An accepted letter whose bidder has defaulted."""
    return take_first(session, _accepted().where(_defaulted()), GuaranteeLetter)


def letter_to_return(session: Session) -> GuaranteeLetter | None:
    """An accepted letter that is not needed any more: the lot is lost, or paid."""
    not_needed = (Auction.outcome != Outcome.OPEN) & ~won(DealStatus.AGREED) & ~_defaulted()
    return take_first(session, _accepted().where(not_needed), GuaranteeLetter)


def letter_run_out(session: Session, now: datetime) -> GuaranteeLetter | None:
    """An accepted letter past its end."""
    return take_first(session, _accepted().where(GuaranteeLetter.valid_until <= now), GuaranteeLetter)


def letter_to_warn_of(session: Session, now: datetime) -> GuaranteeLetter | None:
    """An accepted letter that ends soon, of which nobody was told yet."""
    soon = _accepted().where(
        GuaranteeLetter.valid_until <= now + WARN_BEFORE, GuaranteeLetter.warned_at.is_(None)
    )
    return take_first(session, soon, GuaranteeLetter)


def letter_paid(session: Session) -> GuaranteeLetter | None:
    """A called letter whose money has come: the deposit is forfeited."""
    statement = (
        select(GuaranteeLetter)
        .join(Deposit, Deposit.id == GuaranteeLetter.deposit_id)
        .where(GuaranteeLetter.status == GuaranteeStatus.CALLED)
        .where(Deposit.status == DepositStatus.FORFEITED)
    )
    return take_first(session, statement.order_by(GuaranteeLetter.called_at), GuaranteeLetter)
