"""Storing a portfolio file: all of it or nothing, unless a partial import is asked for."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.listings import queries
from marketplace.listings.models import DefaultCase, Lot
from marketplace.listings.portfolio import CellReason, LotRows, Portfolio
from marketplace.listings.portfolio.rows import CASE_AMOUNTS, RightValues
from marketplace.parties.models import Institution
from marketplace.rights.models import Encumbrance, Right
from marketplace.rights.service import write_particulars
from marketplace.rule_packs import load

_CASE_FIELDS = {name: f"{name}_minor" for name in CASE_AMOUNTS} | {
    name: name for name in ("debtor", "pledgor", "currency")
}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many lots were stored; zero where one row was refused and the import was not partial."""

    lots: int
    rights: int


def mark_duplicates(session: Session, institution_id: uuid.UUID, portfolio: Portfolio) -> None:
    """Refuse rows whose lot, right or differing case the bank's portfolio has already. Reads only."""
    references = {lot.reference for lot in portfolio.lots}
    numbers = {right.number for lot in portfolio.lots for _, right in lot.rights}
    known_lots = queries.known_references(session, institution_id, references)
    known_numbers = queries.known_numbers(session, institution_id, numbers)
    loans = {lot.case["loan_reference"] for lot in portfolio.lots if lot.case}
    cases = queries.cases_by_reference(session, institution_id, loans)
    for lot in portfolio.lots:
        for cells in lot.cells if lot.reference in known_lots else ():
            cells.refuse("lot_reference", CellReason.LOT_EXISTS, reference=lot.reference)
        for cells, right in lot.rights:
            if right.number in known_numbers:
                cells.refuse("number", CellReason.RIGHT_EXISTS, number=right.number)
        case = cases.get(lot.case.get("loan_reference", ""))
        if case is not None:
            _compare_case(lot, case)


def _compare_case(lot: LotRows, case: DefaultCase) -> None:
    for column, name in _CASE_FIELDS.items():
        if column in lot.case and lot.case[column] != getattr(case, name):
            reason = CellReason.CASE_EXISTS_OTHERWISE
            lot.cells[0].refuse("loan_reference", reason, reference=case.reference, part=column)


def store_portfolio(
    session: Session,
    actor: Actor | None,
    institution_id: uuid.UUID,
    portfolio: Portfolio,
    *,
    partial: bool = False,
    file_name: str = "",
) -> Imported:
    """Store the lots of a file as drafts with their rights, encumbrances and cases.

    Without `actor` the command line acts. Rows found to be duplicates are refused in `portfolio`. A lot with
    a refused row is never stored; without `partial` then nothing is.

    Raises:
        NotFound, NotAllowed: as `access.require`.
    """
    if actor is not None:
        require(actor, Verb.IMPORT_PORTFOLIO, Subject(owner_id=institution_id))
    statement = select(Institution).where(Institution.id == institution_id)
    session.scalars(statement.with_for_update()).one()  # two imports of one bank wait for each other
    now = clock.now()
    mark_duplicates(session, institution_id, portfolio)
    lots = portfolio.good_lots
    if len(lots) < len(portfolio.lots) and not partial:
        lots = []
    loans = {lot.case["loan_reference"] for lot in lots if lot.case}
    cases = queries.cases_by_reference(session, institution_id, loans)
    for rows in lots:
        case = _case(session, institution_id, rows, cases, now)
        session.add(_lot(actor, institution_id, rows, case, now))
    session.flush()
    imported = Imported(len(lots), sum(len(rows.rights) for rows in lots))
    if lots:
        audit.record(
            session,
            "listings.import",
            institution_id,
            person_id=actor.person_id if actor else None,
            institution_id=actor.institution_id if actor else None,
            file=file_name[:200],
            lots=imported.lots,
            rights=imported.rights,
        )
    return imported


def _case(
    session: Session,
    institution_id: uuid.UUID,
    rows: LotRows,
    cases: dict[str, DefaultCase],
    now: datetime,
) -> DefaultCase | None:
    if not rows.case:
        return None
    reference = rows.case["loan_reference"]
    if reference not in cases:
        values: dict[str, Any] = {
            name: rows.case[column] for column, name in _CASE_FIELDS.items() if column in rows.case
        }
        case = DefaultCase(institution_id=institution_id, reference=reference, opened_at=now, **values)
        session.add(case)
        cases[reference] = case
    return cases[reference]


def _lot(
    actor: Actor | None, institution_id: uuid.UUID, rows: LotRows, case: DefaultCase | None, now: datetime
) -> Lot:
    terms = rows.terms
    if terms is None:
        raise AssertionError("a lot without refused rows has terms")
    values = queries.term_values(terms)
    return Lot(
        institution_id=institution_id,
        default_case=case,
        rights=[_right(institution_id, right, rows.currency, now) for _, right in rows.rights],
        rule_pack_version=load(terms.rule_pack).version,
        maker_id=actor.person_id if actor else None,
        drafted_at=now,
        changed_at=now,
        **values,
    )


def _right(institution_id: uuid.UUID, values: RightValues, currency: str, now: datetime) -> Right:
    encumbrances = [
        Encumbrance(
            kind=found.kind,
            holder=found.holder,
            registration_number=found.registration_number,
            registered_on=found.registered_on,
            rank=found.rank,
            claim_minor=found.claim_minor,
            currency=currency,
        )
        for found in values.encumbrances
    ]
    right = Right(
        institution_id=institution_id,
        right_type=values.right_type,
        number=values.number,
        publication_number=values.publication_number,
        title=values.title,
        abstract=values.abstract,
        claims_text=values.claims_text,
        applicant=values.applicant,
        classes=list(values.classes),
        technology_field=values.technology_field,
        filed_on=values.filed_on,
        granted_on=values.granted_on,
        expires_on=values.expires_on,
        registrations=values.registrations,
        imported_at=now,
        encumbrances=encumbrances,
    )
    write_particulars(right, values.particulars)
    return right
