"""Reads of deposits that stand for several lots."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Auction, Registration
from auctions.rules import Outcome
from auctions.spending.models import SpendingLimit
from marketplace.deals.rules import DealStatus
from marketplace.due import take_first
from marketplace.listings.models import Lot
from payments.models import Deposit
from payments.queries.due import won
from payments.rules import DepositStatus
from payments.spending.models import LimitDeposit

LOTS_SHOWN = 200


def limit_deposits(session: Session, institution_id: uuid.UUID) -> list[LimitDeposit]:
    """The institution's, by currency: one in each."""
    statement = select(LimitDeposit).filter_by(institution_id=institution_id)
    return list(session.scalars(statement.order_by(LimitDeposit.currency)))


def limit_deposit(session: Session, institution_id: uuid.UUID, currency: str) -> LimitDeposit | None:
    """The institution's in one currency, locked."""
    statement = select(LimitDeposit).filter_by(institution_id=institution_id, currency=currency)
    return session.scalars(statement.with_for_update(of=LimitDeposit)).one_or_none()


def limit_deposit_by_reference(session: Session, reference: str) -> LimitDeposit | None:
    """The one with this reference, locked."""
    statement = select(LimitDeposit).filter_by(reference=reference)
    return session.scalars(statement.with_for_update(of=LimitDeposit)).one_or_none()


def limit_deposits_by_reference(session: Session, codes: Collection[str]) -> dict[str, LimitDeposit]:
    """Those with these references, not locked."""
    if not codes:
        return {}
    statement = select(LimitDeposit).where(LimitDeposit.reference.in_(codes))
    return {row.reference: row for row in session.scalars(statement)}


def covered_and_won(session: Session) -> Deposit | None:
    """A lot's deposit for which the limit stands and whose bidder has won the lot."""
    return _first_covered(session, won(DealStatus.AGREED))


def covered_and_lost(session: Session) -> Deposit | None:
    """The same of an ended auction that the bidder has not won, or whose deal has ended."""
    alive = won(DealStatus.AGREED, DealStatus.PAID, DealStatus.COMPLETED)
    return _first_covered(session, (Auction.outcome != Outcome.OPEN) & ~alive)


def _first_covered(session: Session, condition: object) -> Deposit | None:
    statement = (
        select(Deposit)
        .join(Registration, Registration.id == Deposit.registration_id)
        .join(Auction, Auction.id == Registration.auction_id)
        .where(Deposit.status == DepositStatus.COVERED, condition)  # type: ignore[arg-type]
        .order_by(Deposit.required_at, Deposit.id)
    )
    return take_first(session, statement, Deposit)


def lots_bound(session: Session, institution_id: uuid.UUID) -> list[tuple[Registration, Lot]]:
    """Where the institution's limits stand for it in auctions that are not over, the largest bids first."""
    statement = (
        select(Registration, Lot)
        .join(SpendingLimit, SpendingLimit.id == Registration.spending_limit_id)
        .join(Auction, Auction.id == Registration.auction_id)
        .join(Lot, Lot.id == Auction.lot_id)
        .where(SpendingLimit.institution_id == institution_id)
        .where((Auction.outcome == Outcome.OPEN) | (Registration.bound_minor > 0))
        .order_by(Registration.bound_minor.desc(), Registration.registered_at)
        .limit(LOTS_SHOWN)
    )
    return [(registration, lot) for registration, lot in session.execute(statement)]
