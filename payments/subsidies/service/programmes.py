"""Opening a programme for a year, its budget by two persons, and its money in and out."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, require, require_four_eyes
from marketplace.errors import Conflict, Refused
from payments.funds import service as funds
from payments.funds.models import FundMovement
from payments.funds.queries import lock_movement
from payments.funds.rules import check_amount
from payments.service.acts import record
from payments.subsidies import queries
from payments.subsidies.models import ProgrammeBudget, SubsidyProgramme
from payments.subsidies.rules import SubsidyReason, read
from payments.subsidies.service.waiting import admit_waiting

FIRST_YEAR, LAST_YEAR = 2020, 2100


def open_programme(
    session: Session, actor: Actor, *, terms_name: str, year: int, budget_minor: int
) -> SubsidyProgramme:
    """A programme for a year under known terms; it takes applications once its budget is approved.

    Raises:
        Refused: unknown terms, no budget, or a year out of range.
        Conflict: the actor's institution has opened it for that year. NotAllowed: as `access.require`.
    """
    require(actor, Verb.KEEP_FUND, Subject(owner_id=actor.institution_id))
    raw = queries.known_terms().get(terms_name)
    if raw is None:
        raise Refused(SubsidyReason.UNKNOWN_TERMS, field="terms_name")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(SubsidyReason.YEAR_OUT_OF_RANGE, field="year", first=FIRST_YEAR, last=LAST_YEAR)
    if queries.programme_like(session, actor.institution_id, terms_name, year) is not None:
        raise Conflict(SubsidyReason.OPENED_ALREADY, field="year")
    programme = SubsidyProgramme(
        keeper_id=actor.institution_id,
        terms_name=terms_name,
        year=year,
        currency=read(raw).currency,
        terms=dict(raw),
        opened_by_id=actor.person_id,
        opened_at=clock.now(),
    )
    session.add(programme)
    session.flush()
    record(session, "open_programme", programme.id, actor, terms=terms_name, year=year)
    add_budget(session, actor, programme.id, budget_minor)
    return programme


def add_budget(session: Session, actor: Actor, programme_id: uuid.UUID, minor: int) -> ProgrammeBudget:
    """Add to the budget; a second person has to approve it.

    Raises:
        Refused: no amount. NotFound, NotAllowed: as `access.require`.
    """
    programme = queries.lock_programme(session, programme_id)
    require(actor, Verb.KEEP_FUND, Subject(owner_id=programme.keeper_id))
    row = ProgrammeBudget(
        programme_id=programme.id,
        amount_minor=check_amount(minor),
        proposed_by_id=actor.person_id,
        proposed_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(session, "add_budget", programme.id, actor, minor=minor)
    return row


def approve_budget(session: Session, actor: Actor, budget_id: uuid.UUID) -> ProgrammeBudget:
    """The second person; whoever waits for the budget moves up in the order of application.

    Raises:
        Conflict: it is approved already. NotAllowed: the actor proposed it, or as `access.require`.
    """
    programme = queries.lock_programme(session, queries.find_budget(session, budget_id).programme_id)
    row = queries.find_budget(session, budget_id)
    require(actor, Verb.RELEASE_FUND, Subject(owner_id=programme.keeper_id))
    require_four_eyes(actor, Subject(makers=frozenset({row.proposed_by_id})))
    if row.approved_at is not None:
        raise Conflict(SubsidyReason.BUDGET_APPROVED)
    row.approved_by_id, row.approved_at = actor.person_id, clock.now()
    session.flush()
    record(session, "approve_budget", programme.id, actor, minor=row.amount_minor)
    admit_waiting(session, programme)
    return row


def contribute(
    session: Session, actor: Actor, programme_id: uuid.UUID, *, minor: int, bank_reference: str
) -> FundMovement:
    """The keeper's money for the programme stands on the bank statement.

    Raises:
        Refused, Conflict, NotAllowed: as `funds.service.prepare_contribution`.
    """
    programme = queries.lock_programme(session, programme_id)
    fund, said = queries.fund_of(programme), bank_reference
    return funds.prepare_contribution(
        session, actor, fund, programme.keeper_id, minor=minor, bank_reference=said
    )


def withdraw_money(
    session: Session, actor: Actor, programme_id: uuid.UUID, *, minor: int, reason: str
) -> FundMovement:
    """The keeper asks for money back.

    Raises:
        Refused, NotAllowed: as `funds.service.prepare_withdrawal`.
    """
    programme = queries.lock_programme(session, programme_id)
    fund = queries.fund_of(programme)
    return funds.prepare_withdrawal(session, actor, fund, programme.keeper_id, minor=minor, reason=reason)


def answer_movement(session: Session, actor: Actor, movement_id: uuid.UUID, *, confirm: bool) -> FundMovement:
    """The second person's answer to a contribution or withdrawal.

    Raises:
        Refused, Conflict, NotAllowed: as `funds.service.answer_movement`.
    """
    programme = queries.lock_programme(session, lock_movement(session, movement_id).fund_id)
    fund = queries.fund_of(programme)
    return funds.answer_movement(session, actor, fund, movement_id, confirm=confirm)
