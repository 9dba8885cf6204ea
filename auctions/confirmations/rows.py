"""Which confirmations there are, and which are due."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Auction, Confirmation
from marketplace.deals.models import Deal
from marketplace.deals.rules import LIVE_DEALS, DealSource


def deals_without(session: Session, limit: int) -> Sequence[uuid.UUID]:
    """Deals of auctions that stand and have no confirmation yet, the oldest first."""
    statement = (
        select(Deal.id)
        .outerjoin(Confirmation, Confirmation.deal_id == Deal.id)
        .where(
            Deal.source == DealSource.AUCTION,
            Deal.status.in_(LIVE_DEALS),
            Confirmation.id.is_(None),
        )
        .order_by(Deal.agreed_at, Deal.id)
        .limit(limit)
    )
    return session.scalars(statement).all()


def of_deal(session: Session, deal_id: uuid.UUID) -> Confirmation | None:
    """The deal's confirmation, or None."""
    return session.scalars(select(Confirmation).where(Confirmation.deal_id == deal_id)).one_or_none()


def by_code(session: Session, code: str) -> Confirmation | None:
    """The confirmation with this code, or None."""
    return session.scalars(select(Confirmation).where(Confirmation.code == code)).one_or_none()


def of_auction(session: Session, auction: Auction) -> Sequence[Confirmation]:
    """The auction's confirmations, the newest first: more than one where a winner did not pay."""
    statement = select(Confirmation).where(Confirmation.auction_id == auction.id)
    return session.scalars(statement.order_by(Confirmation.issued_at.desc()).limit(20)).all()
