"""Named selects of holders of a right of first refusal and of the notices served on them."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.priority.models import NoticeOfSale, PriorityHolder
from marketplace.listings.priority.rules import (
    MOST_HOLDERS,
    STATUTES,
    Holder,
    HolderKind,
    HolderStatus,
    Served,
    ServiceMethod,
    effective_at,
)
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus
from marketplace.rights.rules import EncumbranceKind
from marketplace.rule_packs import Pack, load

PAGE = 25
_SEPARATORS = re.compile(r"\s*[;；、|]\s*")


def holders_of(session: Session, lot_id: uuid.UUID) -> Sequence[PriorityHolder]:
    """The holders of a lot with their notices, the strongest first; those struck out last."""
    statement = (
        select(PriorityHolder)
        .where(PriorityHolder.lot_id == lot_id)
        .options(selectinload(PriorityHolder.notices))
        .order_by(
            PriorityHolder.status == HolderStatus.REMOVED, PriorityHolder.order, PriorityHolder.entered_at
        )
        .limit(4 * MOST_HOLDERS)
    )
    return session.scalars(statement).all()


def find_holder(session: Session, holder_id: uuid.UUID) -> PriorityHolder:
    """The holder; raises NotFound. Lock its lot before changing it."""
    holder = session.get(PriorityHolder, holder_id, populate_existing=True)
    if holder is None:
        raise NotFound("priority holder")
    return holder


def find_notice(session: Session, notice_id: uuid.UUID) -> NoticeOfSale:
    """The notice; raises NotFound. Lock its holder's lot before changing it."""
    notice = session.get(NoticeOfSale, notice_id, populate_existing=True)
    if notice is None:
        raise NotFound("notice of sale")
    return notice


def pack_of(lot: Lot) -> Pack:
    """The rule pack a lot runs under."""
    return load(lot.rule_pack, lot.rule_pack_version)


def as_rules_see(holder: PriorityHolder) -> Holder:
    """The frozen values the rules decide on."""
    notices = tuple(
        Served(notice.how, notice.served_at, notice.confirmed_at is not None) for notice in holder.notices
    )
    return Holder(holder.name, holder.status, holder.order, holder.confirmed_at is not None, notices)


def verified_by_number(session: Session, number: str) -> Institution | None:
    """The verified institution with this registration number."""
    statement = select(Institution).where(
        Institution.registration_number == number.strip().upper(),
        Institution.status == InstitutionStatus.VERIFIED,
    )
    return session.scalars(statement.order_by(Institution.country != "CN").limit(1)).first()


def count_kinds(session: Session, lot_id: uuid.UUID) -> dict[HolderKind, int]:
    """How many holders of each kind there are, confirmed and not waived: all that the public is told."""
    statement = (
        select(PriorityHolder.kind, func.count())
        .where(
            PriorityHolder.lot_id == lot_id,
            PriorityHolder.confirmed_at.is_not(None),
            PriorityHolder.status.not_in([HolderStatus.WAIVED, HolderStatus.REMOVED]),
        )
        .group_by(PriorityHolder.kind)
    )
    counts = {row[0]: row[1] for row in session.execute(statement)}
    return {kind: counts[kind] for kind in HolderKind if kind in counts}


def public_notices(page: int) -> Pagination:
    """Notices served by publication, the latest first; those that wait for a second person are not among."""
    statement = (
        select(NoticeOfSale)
        .join(PriorityHolder, PriorityHolder.id == NoticeOfSale.holder_id)
        .where(NoticeOfSale.how == ServiceMethod.PUBLIC, NoticeOfSale.confirmed_at.is_not(None))
        .options(joinedload(NoticeOfSale.holder).joinedload(PriorityHolder.lot))
        .order_by(NoticeOfSale.served_at.desc(), NoticeOfSale.id)
    )
    return db.paginate(statement, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody whom the bank's own file names and who may hold a right; the bank decides."""

    kind: HolderKind
    name: str
    basis: str
    evidence: str


def suggestions(lot: Lot, known: Sequence[PriorityHolder]) -> list[Suggestion]:
    """Co-owners and licensees of the lot's rights who are no holders of it yet, each once."""
    found: dict[tuple[HolderKind, str], Suggestion] = {}
    pledgor = lot.default_case.pledgor if lot.default_case else ""
    for right in lot.rights:
        owners = [name for name in _SEPARATORS.split(right.applicant) if name]
        for name in owners if len(owners) > 1 else ():
            if name != pledgor:
                kind = HolderKind.CO_OWNER
                found.setdefault((kind, name), Suggestion(kind, name, STATUTES[kind], right.number))
        for charge in right.encumbrances:
            if charge.kind is EncumbranceKind.LICENCE and charge.holder:
                evidence = " ".join(filter(None, (right.number, charge.registration_number)))
                key = (HolderKind.LICENSEE, charge.holder)
                found.setdefault(key, Suggestion(*key, "", evidence))
    taken = {(holder.kind, holder.name) for holder in known}
    return [suggestion for key, suggestion in found.items() if key not in taken][:MOST_HOLDERS]


def effective_moment(notice: NoticeOfSale) -> datetime:
    """From when a notice counts as received under its lot's pack."""
    served = Served(notice.how, notice.served_at)
    return effective_at(served, pack_of(notice.holder.lot))


def held_by(session: Session, institution_id: uuid.UUID) -> Sequence[PriorityHolder]:
    """The rights of an institution of which it was notified, the latest first."""
    statement = (
        select(PriorityHolder)
        .where(
            PriorityHolder.institution_id == institution_id,
            PriorityHolder.notices.any(NoticeOfSale.confirmed_at.is_not(None)),
            PriorityHolder.status != HolderStatus.REMOVED,
        )
        .options(joinedload(PriorityHolder.lot))
        .order_by(PriorityHolder.entered_at.desc(), PriorityHolder.id)
        .limit(MOST_HOLDERS)
    )
    return session.scalars(statement).all()
