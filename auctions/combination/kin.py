"""What a lot must wait for when others offer some of the same rights."""

import uuid

from sqlalchemy.orm import Session

from auctions import queries
from auctions.refusals import ScheduleReason
from auctions.rules import Outcome
from marketplace.deals.queries import live_deal
from marketplace.errors import Conflict
from marketplace.listings.models import Lot
from marketplace.listings.queries import kin_of


def check_kin(session: Session, lot: Lot, combination_id: uuid.UUID | None) -> None:
    """Refuse an auction while a lot of some of the same rights is auctioned otherwise, or sold.

    Raises:
        Conflict: naming the lot in the way.
    """
    for kin in kin_of(session, lot):
        if live_deal(session, kin.id) is not None:
            raise Conflict(ScheduleReason.LOT_NOT_FOR_SALE)
        for auction in queries.auctions_of_lot(session, kin.id):
            if auction.outcome is Outcome.OPEN and auction.combination_id != combination_id:
                raise Conflict(ScheduleReason.RIGHTS_IN_ANOTHER_AUCTION, reference=kin.reference)
