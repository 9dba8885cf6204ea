"""Named selects of lots and cases."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from marketplace.audit import AuditEntry
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.listings.models import DefaultCase, Lot, lot_rights
from marketplace.listings.rules import PUBLIC_STATUSES, AuctionFormat, LotStatus
from marketplace.listings.terms import LotTerms
from marketplace.listings.wholes import FORMAT, FREE
from marketplace.parties.models import Person
from marketplace.rights.models import Right
from marketplace.rights.rules import RightType
from marketplace.rule_packs.ladder import Position


def lock_lot(session: Session, lot_id: uuid.UUID) -> Lot:
    """The lot, read anew and locked until the transaction ends; raises NotFound."""
    statement = select(Lot).where(Lot.id == lot_id).with_for_update(of=Lot)
    lot = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if lot is None:
        raise NotFound("lot")
    return lot


# The columns of a lot that are its terms, named alike in `listings.terms.LotTerms`.
TERM_COLUMNS = tuple(field.name for field in fields(LotTerms))


def terms_of(lot: Lot) -> LotTerms:
    """The terms of a stored lot."""
    values = {name: getattr(lot, name) for name in TERM_COLUMNS}
    return LotTerms(**values | {"auction_format": AuctionFormat(lot.auction_format)})


def position_on_ladder(lot: Lot) -> Position:
    """Where the attempts to sell the lot have led it, as its auctions wrote it down."""
    return Position(lot.round, lot.previous_start_price_minor, lot.failed_at)


def term_values(terms: LotTerms) -> dict[str, Any]:
    """The terms as the columns of a lot."""
    values = {name: getattr(terms, name) for name in TERM_COLUMNS}
    return values | {"auction_format": terms.auction_format.value}


_CHUNK = 500


def _chunks(values: Collection[str]) -> Iterator[list[str]]:
    """Pieces small enough for the bound parameters of one statement."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def known_references(session: Session, institution_id: uuid.UUID, references: Collection[str]) -> set[str]:
    """Which of these lot references the bank has already."""
    lots = select(Lot.reference).where(Lot.institution_id == institution_id)
    chunks = _chunks(references)
    return {known for chunk in chunks for known in session.scalars(lots.where(Lot.reference.in_(chunk)))}


def known_numbers(session: Session, institution_id: uuid.UUID, numbers: Collection[str]) -> set[str]:
    """Which of these right numbers the bank has already."""
    rights = select(Right.number).where(Right.institution_id == institution_id)
    chunks = _chunks(numbers)
    return {known for chunk in chunks for known in session.scalars(rights.where(Right.number.in_(chunk)))}


def cases_by_reference(
    session: Session, institution_id: uuid.UUID, references: Collection[str]
) -> dict[str, DefaultCase]:
    """The bank's cases with these loan references."""
    cases = select(DefaultCase).where(DefaultCase.institution_id == institution_id)
    found = (session.scalars(cases.where(DefaultCase.reference.in_(chunk))) for chunk in _chunks(references))
    return {case.reference: case for chunk in found for case in chunk}


def reference_taken(
    session: Session, institution_id: uuid.UUID, reference: str, *, except_for: uuid.UUID | None
) -> bool:
    """Whether another lot of the bank has this reference."""
    lots = select(Lot.id).where(Lot.institution_id == institution_id, Lot.reference == reference)
    return session.scalar(lots.where(Lot.id != except_for) if except_for else lots) is not None


def own_rights(session: Session, institution_id: uuid.UUID, right_ids: Collection[uuid.UUID]) -> list[Right]:
    """These rights of the bank, by number; raises NotFound when one is not the bank's."""
    statement = select(Right).where(Right.institution_id == institution_id, Right.id.in_(right_ids))
    rights = list(session.scalars(statement.order_by(Right.number)))
    if len(rights) != len(set(right_ids)):
        raise NotFound("right")
    return rights


def own_case(session: Session, institution_id: uuid.UUID, case_id: uuid.UUID) -> DefaultCase:
    """The bank's case; raises NotFound for another bank's."""
    case = session.get(DefaultCase, case_id)
    if case is None or case.institution_id != institution_id:
        raise NotFound("case")
    return case


def lot_of_another(
    session: Session, right_ids: Collection[uuid.UUID], *, except_for: Collection[uuid.UUID]
) -> tuple[str, str] | None:
    """Number and lot reference of a right that is in a lot already which is not withdrawn; else None."""
    statement = (
        select(Right.number, Lot.reference)
        .join(lot_rights, lot_rights.c.right_id == Right.id)
        .join(Lot, Lot.id == lot_rights.c.lot_id)
        .where(Right.id.in_(right_ids), Lot.status != LotStatus.WITHDRAWN, Lot.id.not_in(except_for))
        .order_by(Right.number)
    )
    row = session.execute(statement).first()
    return (row[0], row[1]) if row else None


def kin_of(session: Session, lot: Lot) -> list[Lot]:
    """The lots that offer some of the same rights: the parts of a whole, or the whole of a part.

    A whole that is withdrawn is nobody's kin any more.
    """
    related = (Lot.part_of_id == lot.id) if lot.part_of_id is None else (Lot.id == lot.part_of_id)
    both = select(Lot).where(related, Lot.status != LotStatus.WITHDRAWN).order_by(Lot.id)
    return [] if lot.status is LotStatus.WITHDRAWN else list(session.scalars(both))


PAGE = 25
MOST_CHOICES = 500


def find_public_lot(session: Session, lot_id: uuid.UUID) -> Lot:
    """A lot that anybody may see; raises NotFound for any other, as for one that does not exist."""
    lot = session.get(Lot, lot_id)
    if lot is None or lot.status not in PUBLIC_STATUSES:
        raise NotFound("lot")
    return lot


def find_own_lot(session: Session, institution_id: uuid.UUID, lot_id: uuid.UUID) -> Lot:
    """A lot of the bank; raises NotFound for another bank's, as for one that does not exist."""
    lot = session.get(Lot, lot_id)
    if lot is None or lot.institution_id != institution_id:
        raise NotFound("lot")
    return lot


def public_lots(right_type: RightType | None, status: LotStatus | None, page: int) -> Pagination:
    """Public lots, those that open next first."""
    lots = select(Lot).where(Lot.status.in_([status] if status in PUBLIC_STATUSES else PUBLIC_STATUSES))
    if right_type is not None:
        lots = lots.where(Lot.rights.any(Right.right_type == right_type))
    over = Lot.status.in_([LotStatus.SOLD, LotStatus.UNSOLD])
    order = (over, Lot.opens_at.is_(None), Lot.opens_at, Lot.changed_at.desc(), Lot.id)
    lots = lots.options(selectinload(Lot.rights)).order_by(*order)
    return db.paginate(lots, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)


def portfolio(institution_id: uuid.UUID, status: LotStatus | None, page: int) -> Pagination:
    """A bank's lots, what needs doing first: by opening, then the latest change."""
    lots = select(Lot).where(Lot.institution_id == institution_id)
    if status is not None:
        lots = lots.where(Lot.status == status)
    over = Lot.status.in_([LotStatus.SOLD, LotStatus.WITHDRAWN])
    lots = lots.order_by(over, Lot.opens_at.is_(None), Lot.opens_at, Lot.changed_at.desc(), Lot.id)
    return db.paginate(lots, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)


def count_by_status(session: Session, institution_id: uuid.UUID) -> dict[LotStatus, int]:
    """How many lots of the bank stand where."""
    counts = select(Lot.status, func.count()).where(Lot.institution_id == institution_id).group_by(Lot.status)
    return {LotStatus(status): number for status, number in session.execute(counts)}


def waiting_lots(session: Session, institution_id: uuid.UUID) -> list[Lot]:
    """The bank's lots on which somebody of the bank has to act, the next opening first."""
    waiting = [LotStatus.DRAFTED, LotStatus.SUBMITTED, LotStatus.APPROVED, LotStatus.UNSOLD]
    lots = select(Lot).where(Lot.institution_id == institution_id, Lot.status.in_(waiting))
    return list(session.scalars(lots.order_by(Lot.opens_at.is_(None), Lot.opens_at).limit(10)))


def rights_to_choose(session: Session, institution_id: uuid.UUID, lot: Lot | None) -> list[Right]:
    """Rights of the bank that are in no lot, or in this one."""
    taken = (
        select(lot_rights.c.right_id)
        .join(Lot, Lot.id == lot_rights.c.lot_id)
        .where(Lot.institution_id == institution_id, Lot.status != LotStatus.WITHDRAWN)
    )
    own = [right.id for right in lot.rights] if lot is not None else []
    choices = or_(Right.id.not_in(taken), Right.id.in_(own))
    rights = select(Right).where(Right.institution_id == institution_id, choices)
    return list(session.scalars(rights.order_by(Right.number).limit(MOST_CHOICES)))


def lots_to_join(session: Session, institution_id: uuid.UUID) -> list[Lot]:
    """Lots of the bank that may be offered together with others, by case and reference."""
    whole = aliased(Lot)
    in_whole = select(whole.id).where(
        or_(whole.id == Lot.part_of_id, whole.part_of_id == Lot.id), whole.status != LotStatus.WITHDRAWN
    )
    lots = select(Lot).where(Lot.institution_id == institution_id, Lot.status.in_(FREE), ~in_whole.exists())
    return list(
        session.scalars(
            lots.where(Lot.auction_format == FORMAT)
            .order_by(Lot.default_case_id, Lot.reference)
            .limit(MOST_CHOICES)
        )
    )


def cases_of(session: Session, institution_id: uuid.UUID) -> list[DefaultCase]:
    """The bank's cases, the latest first."""
    cases = select(DefaultCase).where(DefaultCase.institution_id == institution_id)
    return list(session.scalars(cases.order_by(DefaultCase.opened_at.desc()).limit(MOST_CHOICES)))


def lots_of_case(session: Session, case_id: uuid.UUID) -> list[Lot]:
    """The lots sold for a case."""
    lots = select(Lot).where(Lot.default_case_id == case_id)
    return list(session.scalars(lots.order_by(Lot.reference).limit(MOST_CHOICES)))


def history(session: Session, lot_id: uuid.UUID) -> list[tuple[AuditEntry, str | None]]:
    """Who did what to a lot and why, the latest first, with the person's name."""
    statement = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .where(AuditEntry.subject_id == lot_id, AuditEntry.act.startswith("listings."))
        .order_by(AuditEntry.at.desc())
        .limit(50)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]
