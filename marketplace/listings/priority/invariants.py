"""What must always hold of holders of a right of first refusal: each question answers with nothing."""

from collections.abc import Callable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.listings.models import Lot
from marketplace.listings.priority import queries
from marketplace.listings.priority.models import NoticeOfSale, PriorityHolder
from marketplace.listings.priority.rules import HolderStatus
from marketplace.listings.rules import PUBLIC_STATUSES


def confirmed_by_their_maker(session: Session) -> list[str]:
    holders = select(PriorityHolder.id).where(PriorityHolder.confirmed_by_id == PriorityHolder.entered_by_id)
    notices = select(NoticeOfSale.id).where(NoticeOfSale.confirmed_by_id == NoticeOfSale.recorded_by_id)
    found = [f"priority holder {one}" for one in session.scalars(holders)]
    return found + [f"notice of sale {one}" for one in session.scalars(notices)]


def notified_without_a_notice(session: Session) -> list[str]:
    told = select(NoticeOfSale.id).where(
        NoticeOfSale.holder_id == PriorityHolder.id, NoticeOfSale.confirmed_at.is_not(None)
    )
    after = [HolderStatus.NOTIFIED, HolderStatus.TAKES_PART, HolderStatus.ABSENT]
    holders = select(PriorityHolder.id).where(PriorityHolder.status.in_(after), ~told.exists())
    return [f"priority holder {one}" for one in session.scalars(holders)]


def waived_without_a_document(session: Session) -> list[str]:
    waived = PriorityHolder.status == HolderStatus.WAIVED
    lacking = or_(PriorityHolder.waiver_document == "", PriorityHolder.waived_at.is_(None))
    return [
        f"priority holder {one}" for one in session.scalars(select(PriorityHolder.id).where(waived, lacking))
    ]


def announced_before_notice(session: Session) -> list[str]:
    """A public lot's holders, entered before it was published, had been told by then, or had waived."""
    statement = (
        select(PriorityHolder)
        .join(Lot, Lot.id == PriorityHolder.lot_id)
        .where(
            Lot.status.in_(PUBLIC_STATUSES),
            PriorityHolder.entered_at < Lot.published_at,
            PriorityHolder.status.not_in([HolderStatus.WAIVED, HolderStatus.REMOVED]),
        )
        .execution_options(yield_per=200)
    )
    return [
        f"lot {holder.lot_id}: holder {holder.id}"
        for holder in session.scalars(statement)
        if not any(queries.effective_moment(one) <= holder.lot.published_at for one in holder.notices)  # type: ignore[operator]
    ]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("holders and notices of sale are confirmed by a second person", confirmed_by_their_maker),
    ("whoever counts as notified has a notice that counts", notified_without_a_notice),
    ("a written waiver has its document", waived_without_a_document),
    ("a lot is published after its holders were told", announced_before_notice),
)
