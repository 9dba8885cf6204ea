"""A window for offers: proposed and approved by two persons, opened, offered in, closed before its time."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.deals.windows import queries
from marketplace.deals.windows.closing import close, drop
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.rules import (
    WINDOW_MOVES,
    WindowReason,
    WindowStatus,
    check_terms,
    end_of,
    next_status,
)
from marketplace.errors import Conflict, Refused
from marketplace.listings.models import Lot
from marketplace.listings.queries import lock_lot
from marketplace.listings.rules import LotStatus
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.rule_packs import load
from marketplace.status import check_move


def propose(
    session: Session, actor: Actor, lot_id: uuid.UUID, *, days: int, floor_minor: int | None = None
) -> OffersWindow:
    """Propose to take offers for `days` once the lot is unsold, or from now where it is.

    Args:
        session: within `atomic()`.
        actor: an officer of the seller.
        lot_id: the lot.
        days: how long offers are taken.
        floor_minor: the least offer, in minor units of the lot's currency; everybody sees it.

    Raises:
        Refused: the lot's pack sells in public only, the days or the floor will not do.
        Conflict: the lot has a window already, or cannot have one.
        NotFound, NotAllowed: as `access.require`.
    """
    lot = lock_lot(session, lot_id)
    require(actor, Verb.ANSWER_OFFER, Subject(owner_id=lot.institution_id))
    check_terms(load(lot.rule_pack, lot.rule_pack_version), days, floor_minor, lot.status)
    if queries.standing_window(session, lot.id) is not None:
        raise Conflict(WindowReason.WINDOW_STANDS_ALREADY)
    window = OffersWindow(
        lot_id=lot.id,
        days=days,
        floor_minor=floor_minor,
        currency=lot.currency,
        status=WindowStatus.PROPOSED,
        proposed_by_id=actor.person_id,
        proposed_at=clock.now(),
    )
    session.add(window)
    session.flush()
    _record(session, actor, "deals.propose_window", window, days=days)
    notify(session, lot.institution_id, NoticeKind.WINDOW_PROPOSED, _page(lot.id), title=lot.title)
    return window


def approve(session: Session, actor: Actor, window_id: uuid.UUID) -> OffersWindow:
    """A second person approves: the window opens for an unsold lot, else when its auction finds no buyer.

    Raises:
        Refused: the same person proposed it, or the lot's pack does not allow it.
        Conflict: it was answered, or the lot is sold or withdrawn by now.
        NotFound, NotAllowed: as `access.require`.
    """
    window, lot = _lock(session, actor, Verb.APPROVE_OFFER, window_id)
    onward, now = next_status(lot.status), clock.now()
    check_move(WINDOW_MOVES, window.status, onward)
    if actor.person_id == window.proposed_by_id:
        raise Refused(WindowReason.PROPOSER_IS_APPROVER)
    pack = load(lot.rule_pack, lot.rule_pack_version)
    check_terms(pack, window.days, window.floor_minor, lot.status)
    window.approved_by_id, window.approved_at = actor.person_id, now
    _record(session, actor, "deals.approve_window", window)
    if onward is WindowStatus.OPEN:
        _open(session, window, now, after_id=None)
    else:
        window.status = onward
    return window


def turn_down(session: Session, actor: Actor, window_id: uuid.UUID, reason: str) -> OffersWindow:
    """End a window before its time: a proposal refused, a plan dropped, an open one closed early.

    An open window's offers lapse; only an approver may do this, with a reason.

    Raises:
        Refused: no reason.
        Conflict: it has ended already.
        NotFound, NotAllowed: as `access.require`.
    """
    window, _lot = _lock(session, actor, Verb.APPROVE_OFFER, window_id)
    if not reason.strip():
        raise Refused(WindowReason.REASON_MISSING, field="reason")
    _record(session, actor, "deals.turn_down_window", window, reason=reason.strip()[:500])
    if window.status is WindowStatus.OPEN:
        close(session, window, reason=reason.strip()[:500])
        return window
    drop(session, window, reason=reason.strip()[:500])
    return window


def open_planned(session: Session, lot: Lot, *, after_id: uuid.UUID, now: datetime) -> OffersWindow | None:
    """Open the window that two persons planned for the lot, after the auction that found no buyer.

    None where there is none. The lot must be locked and unsold: the window follows it off the auction.
    """
    window = queries.standing_window(session, lot.id)
    if window is None or window.status is not WindowStatus.PLANNED or lot.status is not LotStatus.UNSOLD:
        return None
    window = queries.lock_window(session, window.id)
    _open(session, window, now, after_id=after_id)
    return window


def require_no_open_window(session: Session, lot_id: uuid.UUID, now: datetime) -> None:
    """Raise Conflict while offers bind buyers to the lot: it cannot be auctioned over their heads."""
    window = queries.standing_window(session, lot_id)
    if window is not None and window.closes_at is not None and now < window.closes_at:
        raise Conflict(WindowReason.OFFERS_ARE_TAKEN)


def _open(session: Session, window: OffersWindow, now: datetime, *, after_id: uuid.UUID | None) -> None:
    check_move(WINDOW_MOVES, window.status, WindowStatus.OPEN)
    window.status, window.after_id = WindowStatus.OPEN, after_id
    window.opened_at, window.closes_at = now, end_of(now, window.days)
    lot = window.lot
    kind = NoticeKind.WINDOW_OPENED
    notify(session, lot.institution_id, kind, _page(lot.id), title=lot.title, due_at=window.closes_at)
    audit.record(session, "deals.open_window", window.id, lot=str(lot.id), after=after_id and str(after_id))


def _page(lot_id: uuid.UUID) -> str:
    return f"/portfolio/lots/{lot_id}/offers-window"


def _lock(session: Session, actor: Actor, verb: Verb, window_id: uuid.UUID) -> tuple[OffersWindow, Lot]:
    """Window and lot, the lot locked first as everywhere."""
    lot = lock_lot(session, queries.find_window(session, window_id).lot_id)
    require(actor, verb, Subject(owner_id=lot.institution_id))
    return queries.lock_window(session, window_id), lot


def _record(
    session: Session, actor: Actor, act: str, window: OffersWindow, reason: str = "", **facts: object
) -> None:
    audit.record(
        session,
        act,
        window.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason,
        lot=str(window.lot_id),
        **facts,
    )
