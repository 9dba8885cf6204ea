"""Moves of a lot that auctions and deals ask for: taken off the market, put back, sold."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor
from marketplace.listings.models import Lot
from marketplace.listings.queries import kin_of, lock_lot
from marketplace.listings.rules import LOT_MOVES, LotStatus
from marketplace.status import check_move


def move(
    session: Session,
    lot: Lot,
    new: LotStatus,
    act: str,
    *,
    actor: Actor | None = None,
    reason: str = "",
    **facts: Any,
) -> None:
    """Change the status of a lot that the caller has locked, with its audit entry.

    Raises:
        Conflict: where `LOT_MOVES` has no such move.
    """
    check_move(LOT_MOVES, lot.status, new)
    old, lot.status, lot.changed_at = lot.status, new, clock.now()
    audit.record(
        session,
        act,
        lot.id,
        person_id=actor.person_id if actor else None,
        institution_id=actor.institution_id if actor else None,
        reason=reason,
        old=old,
        new=new,
        **facts,
    )


def reserve(session: Session, lot: Lot) -> None:
    """Take the lot off the market while it is auctioned or being paid for.

    A lot that is reserved already stays so: an auction reserves it at the opening, its deal asks again.

    Raises:
        Conflict: the lot is neither published nor unsold.
    """
    lot = lock_lot(session, lot.id)
    if lot.status is not LotStatus.RESERVED:
        move(session, lot, LotStatus.RESERVED, "listings.reserve")


def release(session: Session, lot: Lot, *, sold: bool | None) -> None:
    """End a reservation: sold for good, unsold after an attempt, or (None) simply back on the market.

    Lots that offer some of the sold rights, as part or as whole, are withdrawn.

    Raises:
        Conflict: the lot is not reserved.
    """
    onward = {True: LotStatus.SOLD, False: LotStatus.UNSOLD, None: LotStatus.PUBLISHED}
    lot = lock_lot(session, lot.id)
    if lot.status is not LotStatus.PUBLISHED or sold is not None:
        move(session, lot, onward[sold], "listings.release")
    if sold:
        for kin in kin_of(session, lot):
            reason = f"rights sold as lot {lot.reference}"
            move(session, lock_lot(session, kin.id), LotStatus.WITHDRAWN, "listings.withdraw", reason=reason)
