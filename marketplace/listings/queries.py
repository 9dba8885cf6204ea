"""Named selects of lots and cases."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.listings.models import DefaultCase, Lot
from marketplace.listings.rules import AuctionFormat
from marketplace.listings.terms import LotTerms
from marketplace.rights.models import Right


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
