"""The window that two persons planned opens when the auction finds no buyer, and only then."""

from datetime import timedelta

import pytest
from builders import an_actor, an_institution
from sqlalchemy.orm import Session

from auctions import service
from auctions.rules import Outcome
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.windows import service as windows
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.rules import WindowStatus
from marketplace.errors import Conflict
from marketplace.listings.rules import LotStatus
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, opening, tick


def a_plan(session: Session, sale: Sale) -> OffersWindow:
    """A window of a fortnight that Alice proposed and Amy approved while the auction was to come."""
    window = windows.propose(session, sale.bank, sale.lot.id, days=14)
    amy = an_actor(session, InstitutionKind.BANK, institution=sale.lot.institution)
    return windows.approve(session, amy, window.id)


@pytest.mark.parametrize("amount", [None, "100000.00"])
def test_an_auction_without_bids_or_below_the_reserve_opens_the_window(
    session: Session, clock: FixedClock, amount: str | None
) -> None:
    with atomic():
        sale = a_sale(session, reserve_minor=12_000_000)
        window = a_plan(session, sale)
        assert window.status is WindowStatus.PLANNED
        carol, registration = a_bidder(session, sale)
        clock.move_to(opening(sale))
        if amount:
            bid(session, carol, sale, amount)
        clock.advance(days=2)
        tick(session)
        assert sale.auction.outcome is Outcome.UNSOLD
        assert (window.status, window.after_id) == (WindowStatus.OPEN, sale.auction.id)
        assert window.closes_at == clock.moment + timedelta(days=14)
        told = session.query(Notice).filter_by(institution_id=registration.institution_id)
        assert NoticeKind.WINDOW_OPENED in {notice.kind for notice in told}
        sale.lot.status = LotStatus.PUBLISHED  # as a step of the procedure would have it
        session.flush()
        opens_at, closes_at = clock.moment + timedelta(days=30), clock.moment + timedelta(days=32)
        with pytest.raises(Conflict, match="offers_are_taken"):
            service.schedule(session, sale.bank, sale.lot.id, opens_at, closes_at)


def test_a_sold_lot_opens_no_window(session: Session, clock: FixedClock) -> None:
    with atomic():
        sale = a_sale(session)
        window = a_plan(session, sale)
        carol, _ = a_bidder(session, sale, an_institution(session, InstitutionKind.BUYER))
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        clock.advance(days=2)
        tick(session)
        assert (sale.auction.outcome, window.status) == (Outcome.SOLD, WindowStatus.PLANNED)
