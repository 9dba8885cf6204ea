"""Named selects of valuations and of what was decided on them."""

import uuid
from collections.abc import Collection, Sequence

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from marketplace.db import db
from marketplace.errors import NotFound
from transactions.valuations.models import (
    Valuation,
    ValuationDecision,
)
from transactions.valuations.rules.words import Grade

PAGE_SIZE = 50
SERIES_MOST = 120
DECISIONS_MOST = 100


def find_own(session: Session, institution_id: uuid.UUID, valuation_id: uuid.UUID) -> Valuation:
    """The institution's valuation with its inputs and its result; NotFound for another's."""
    found = session.scalars(_whole().where(Valuation.id == valuation_id)).one_or_none()
    if found is None or found.institution_id != institution_id:
        raise NotFound("valuation")
    return found


def whole(session: Session, valuation_id: uuid.UUID) -> Valuation | None:
    """A valuation with its inputs and its result, whosever it is."""
    return session.scalars(_whole().where(Valuation.id == valuation_id)).one_or_none()


def _whole() -> Select[Valuation]:
    return select(Valuation).options(undefer(Valuation.inputs), undefer(Valuation.result))


def by_code(session: Session, code: str) -> Valuation | None:
    return session.scalars(select(Valuation).where(Valuation.code == code)).one_or_none()


def page_of(
    institution_id: uuid.UUID, *, grade: Grade | None, asked: str, batch_id: uuid.UUID | None, page: int
) -> Pagination:
    """One page of the institution's valuations, the latest first; `asked` is part of a reference or title."""
    query = select(Valuation).where(Valuation.institution_id == institution_id)
    if grade is not None:
        query = query.where(Valuation.grade == grade)
    if asked:
        query = query.where(
            Valuation.reference.icontains(asked, autoescape=True)
            | Valuation.title.icontains(asked, autoescape=True)
        )
    if batch_id is not None:
        query = query.where(Valuation.batch_id == batch_id)
    query = query.order_by(Valuation.made_at.desc(), Valuation.id)
    return db.paginate(query, page=page, per_page=PAGE_SIZE, max_per_page=PAGE_SIZE, error_out=False)


def series(session: Session, institution_id: uuid.UUID, key: str) -> Sequence[Valuation]:
    """The valuations of one thing, the oldest of the latest `SERIES_MOST` first."""
    query = (
        select(Valuation)
        .where(Valuation.institution_id == institution_id, Valuation.subject_key == key)
        .order_by(Valuation.made_at.desc(), Valuation.id)
        .limit(SERIES_MOST)
    )
    return list(reversed(session.scalars(query).all()))


def latest_of(
    session: Session, institution_id: uuid.UUID, keys: Collection[str], *, before: uuid.UUID | None = None
) -> dict[str, Valuation]:
    """The last valuation of each of these things; those of the batch `before` are passed over."""
    found: dict[str, Valuation] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), 500):
        query = select(Valuation).where(
            Valuation.institution_id == institution_id,
            Valuation.subject_key.in_(ordered[start : start + 500]),
        )
        if before is not None:
            query = query.where(Valuation.batch_id.is_(None) | (Valuation.batch_id != before))
        ranked = query.add_columns(
            func.row_number()
            .over(partition_by=Valuation.subject_key, order_by=(Valuation.made_at.desc(), Valuation.id))
            .label("place")
        ).subquery()
        latest = select(Valuation).where(Valuation.id.in_(select(ranked.c.id).where(ranked.c.place == 1)))
        found |= {one.subject_key: one for one in session.scalars(latest)}
    return found


def latest_of_lot(session: Session, institution_id: uuid.UUID, lot_id: uuid.UUID) -> Valuation | None:
    key = f"lot:{lot_id}"
    return latest_of(session, institution_id, [key]).get(key)


def decisions_on(session: Session, valuation_id: uuid.UUID) -> Sequence[ValuationDecision]:
    """What was decided on it, the first first."""
    query = (
        select(ValuationDecision)
        .where(ValuationDecision.valuation_id == valuation_id)
        .options(joinedload(ValuationDecision.person))
        .order_by(ValuationDecision.at, ValuationDecision.id)
    )
    return session.scalars(query.limit(DECISIONS_MOST)).all()
