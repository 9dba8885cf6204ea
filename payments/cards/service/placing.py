"""When what is due on a card is asked for: a hold before the auction, another before the first one ends."""

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.notices.rules import NoticeKind
from payments.cards import queries
from payments.service import deposits, holds


def place_holds(session: Session) -> bool:
    """Have one deposit held on a card, its auction being near or open; True when there was one."""
    deposit = queries.hold_to_place(session, clock.now())
    if deposit is None:
        return False
    holds.place(session, deposit)
    return True


def give_up_holds(session: Session) -> bool:
    """End one deposit that was to be held on a card for an auction that has ended before."""
    deposit = queries.hold_never_placed(session)
    if deposit is None:
        return False
    deposits.fail(session, deposit)
    return True


def renew_holds(session: Session) -> bool:
    """Warn one bidder whose hold runs out before the auction ends, and renew it where a card is saved.

    The new hold is there before the old one is let go of; where the card has to be entered again, the
    bidder does that on the gateway's page, or the hold runs out.
    """
    deposit = queries.hold_to_renew(session, clock.now())
    if deposit is None:
        return False
    deposit.warned_at = clock.now()
    deposits.tell(session, deposit, NoticeKind.HOLD_EXPIRING)
    if deposit.card_id is not None:
        holds.renew(session, deposit, deposit.amount_minor)
    return True
