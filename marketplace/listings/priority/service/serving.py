"""Serving notice of the coming sale on holders of a right of first refusal, and what the sale waits for."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Verb
from marketplace.errors import Conflict, Refused
from marketplace.listings.models import Lot
from marketplace.listings.priority import queries
from marketplace.listings.priority.models import NoticeOfSale, PriorityHolder
from marketplace.listings.priority.rules import (
    HOLDER_MOVES,
    HolderStatus,
    PriorityReason,
    ServiceMethod,
    check_notice,
    obstacles,
)
from marketplace.listings.priority.service.shared import check_second, lock_holder, needs_second, record
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a notice was served: at which moment, with which proof; for a public one, why and what it says."""

    how: ServiceMethod
    at: datetime
    document: str = ""
    public_text: str = ""
    unreachable: str = ""


def serve(session: Session, actor: Actor, holder_id: uuid.UUID, service: Service) -> NoticeOfSale:
    """Record that a holder was told of the sale. A public notice begins when it appears here.

    Raises:
        Refused: the proof, the reason or the text is missing, or it is said to be served in the future.
        Conflict: the right is waived or struck out, or the lot is sold or withdrawn.
        NotFound, NotAllowed: as `access.require`.
    """
    holder, lot = lock_holder(session, actor, Verb.DRAFT_LOT, holder_id)
    now = clock.now()
    _check_notifiable(holder)
    public = service.how is ServiceMethod.PUBLIC
    check_notice(
        service.how,
        service.at,
        document=service.document,
        public_text=service.public_text,
        unreachable=service.unreachable,
        now=now,
    )
    notice = NoticeOfSale(
        holder_id=holder.id,
        how=service.how,
        served_at=now if public else service.at,
        document=service.document.strip(),
        unreachable=service.unreachable.strip() if public else "",
        public_text=service.public_text.strip() if public else "",
        recorded_by_id=actor.person_id,
        recorded_at=now,
    )
    session.add(notice)
    session.flush()
    record(session, actor, "listings.serve_notice", lot, holder, how=notice.how)
    if not needs_second(lot):
        _put_in_effect(session, lot, holder, notice)
    return notice


def confirm_notice(session: Session, actor: Actor, notice_id: uuid.UUID) -> NoticeOfSale:
    """A second person has looked at the proof of service; a public notice appears from this moment.

    Raises:
        Refused: the same person recorded it.
        Conflict: it is confirmed already, or the right is over.
        NotFound, NotAllowed: as `access.require`.
    """
    holder_id = queries.find_notice(session, notice_id).holder_id
    holder, lot = lock_holder(session, actor, Verb.APPROVE_LOT, holder_id)
    notice = queries.find_notice(session, notice_id)
    if notice.confirmed_at is not None:
        raise Conflict(PriorityReason.CONFIRMED_ALREADY)
    check_second(actor, notice.recorded_by_id)
    _check_notifiable(holder)
    notice.confirmed_by_id = actor.person_id
    if notice.how is ServiceMethod.PUBLIC:
        notice.served_at = clock.now()
    record(session, actor, "listings.confirm_notice", lot, holder)
    _put_in_effect(session, lot, holder, notice)
    return notice


def problems_of(session: Session, lot: Lot, *, since: datetime | None = None) -> list[Refused]:
    """What the rules see in the way of announcing the lot's sale now; `since` as in `rules.obstacles`."""
    holders = [queries.as_rules_see(holder) for holder in queries.holders_of(session, lot.id)]
    found = obstacles(holders, queries.pack_of(lot), now=clock.now(), since=since)
    return [_in_local_time(refused) for refused in found]


def _in_local_time(refused: Refused) -> Refused:
    """The same with its moment as the marketplace's zone writes it."""
    moment = refused.details.get("moment")
    if moment is None:
        return refused
    text = f"{moment.astimezone(clock.LOCAL_ZONE):%Y-%m-%d %H:%M}"
    return Refused(refused.reason, refused.field, **refused.details | {"moment": text})


def require_notified(session: Session, lot: Lot, *, since: datetime | None = None) -> None:
    """Raise the first thing that stands between the lot's holders and the announcement of its sale."""
    for refused in problems_of(session, lot, since=since):
        raise refused


def _put_in_effect(session: Session, lot: Lot, holder: PriorityHolder, notice: NoticeOfSale) -> None:
    """The notice counts: the holder is notified, and told on the platform too where it is registered."""
    notice.confirmed_at = clock.now()
    holder.status = HolderStatus.NOTIFIED
    if holder.institution_id is not None:
        kind, url = NoticeKind.PRIORITY_NOTICE, "/priority"
        notify(session, holder.institution_id, kind, url, title=lot.title, due_at=lot.opens_at)


def _check_notifiable(holder: PriorityHolder) -> None:
    """A holder who takes part in a running auction knows of it; a right that is over needs no notice."""
    if holder.status is HolderStatus.TAKES_PART:
        raise Conflict(PriorityReason.TAKES_PART_ALREADY)
    check_move(HOLDER_MOVES, holder.status, HolderStatus.NOTIFIED)
