"""What has ended and is not in the shared record yet: the queue of the worker that carries it across."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from auctions.models import Auction
from auctions.rules import Outcome as AuctionOutcome
from marketplace.deals.models import Deal, Offer
from marketplace.deals.rules import DealSource, DealStatus, OfferStatus
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.rules import BY_DEAL, LOT_OVER, WindowStatus
from marketplace.due import take_first
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from payments.disputes.models import Debt, MoneyDecision
from payments.disputes.rules import DebtCause, DecisionKind
from transactions.models import CarriedSale

ENDED_DEALS = (DealStatus.COMPLETED, DealStatus.RESCINDED)


def not_carried(kind: str, source: Any) -> ColumnElement[bool]:
    """No mark says that this row was carried across."""
    carried = select(CarriedSale.source_id).where(
        CarriedSale.source_kind == kind, CarriedSale.source_id == source.id
    )
    return ~carried.exists()


def ended_deal() -> ColumnElement[bool]:
    """A deal that is completed, or was undone after it had been paid."""
    return Deal.status.in_(ENDED_DEALS)


def ended_auction() -> ColumnElement[bool]:
    """An auction that opened and was not sold, or whose winners did not pay; else nothing was offered."""
    ended = Auction.outcome.in_([AuctionOutcome.UNSOLD, AuctionOutcome.CANCELLED])
    return Auction.opened_at.is_not(None) & or_(ended, fell_through())


def fell_through() -> ColumnElement[bool]:
    """A sold auction none of whose deals stands, and no other bidder is asked: its lot is free again."""
    of_it = (Deal.source == DealSource.AUCTION, Deal.source_id == Auction.id)
    later = aliased(Auction)
    free = or_(
        exists().where(Lot.id == Auction.lot_id, Lot.status != LotStatus.RESERVED),
        exists().where(later.previous_id == Auction.id),
    )
    return (
        (Auction.outcome == AuctionOutcome.SOLD)
        & exists().where(*of_it, Deal.status == DealStatus.DEFAULTED)
        & ~exists().where(*of_it, Deal.status != DealStatus.DEFAULTED)
        & free
    )


def unpaid(session: Session, auction: Auction) -> bool:
    """Whether the auction's hammer fell in vain."""
    statement = select(Auction.id).where(Auction.id == auction.id, fell_through())
    return session.scalar(statement) is not None


def ended_window() -> ColumnElement[bool]:
    """A window that closed without a deal: by its time or by its seller, and no offer of it is pending."""
    pending = exists().where(
        Offer.window_id == OffersWindow.id,
        Offer.status.in_([OfferStatus.MADE, OfferStatus.ACCEPTED, OfferStatus.APPROVED]),
    )
    return (
        (OffersWindow.status == WindowStatus.CLOSED)
        & OffersWindow.reason.not_in([BY_DEAL, LOT_OVER])
        & ~pending
    )


def undoing_decision() -> ColumnElement[bool]:
    """A decision by which a recorded sale brought less: a refund, or a lost dispute that nobody pays."""
    recorded = exists().where(CarriedSale.source_kind == "deal", CarriedSale.source_id == Deal.id)
    completed = exists().where(
        Deal.id == MoneyDecision.deal_id, Deal.status == DealStatus.COMPLETED, recorded
    )
    lost = exists().where(Debt.id == MoneyDecision.debt_id, Debt.cause == DebtCause.DISPUTE_LOST)
    borne = MoneyDecision.kind.in_([DecisionKind.WRITE_OFF, DecisionKind.CHARGE_TO_SALE]) & lost
    undone = (MoneyDecision.kind == DecisionKind.REFUND) | borne
    return MoneyDecision.agreed.is_(True) & (MoneyDecision.amount_minor > 0) & completed & undone


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: its name in the record, what of it is due, and by which moment it ended."""

    name: str
    table: Any
    ended: Callable[[], ColumnElement[bool]]
    moment: InstrumentedAttribute[Any]

    def due(self) -> Select[Any]:
        """Everything of this kind that is due, the earliest ended first."""
        waiting = select(self.table).where(self.ended(), not_carried(self.name, self.table))
        return waiting.order_by(self.moment.asc().nulls_last(), self.table.id)


KINDS = (
    Kind("auction", Auction, ended_auction, Auction.closed_at),
    Kind("window", OffersWindow, ended_window, OffersWindow.closed_at),
    Kind("deal", Deal, ended_deal, Deal.completed_at),
    Kind("decision", MoneyDecision, undoing_decision, MoneyDecision.answered_at),
)


@dataclass(frozen=True, slots=True)
class Due:
    """One locked row that is due, and its kind."""

    kind: str
    row: Any


def lock_first(session: Session) -> Due | None:
    """The row that ended first of all that is due, locked; another worker's rows are passed over.

    In the order of their ends each attempt finds the record of the one before it.
    """
    found: list[tuple[datetime, uuid.UUID, Kind]] = []
    for kind in KINDS:
        row = take_first(session, kind.due(), kind.table)
        if row is not None:
            found.append((getattr(row, kind.moment.key) or row_moment(row), row.id, kind))
    if not found:
        return None
    _, row_id, kind = min(found, key=lambda one: (one[0], str(one[1])))
    # Taken again, so that a failure sets this row aside and no other.
    row = take_first(session, kind.due().where(kind.table.id == row_id), kind.table)
    return Due(kind.name, row) if row is not None else None


def row_moment(row: Any) -> datetime:
    """When a deal that was undone was agreed, an auction without a moment of closing opened."""
    moment: datetime = row.agreed_at if isinstance(row, Deal) else row.opens_at
    return moment
