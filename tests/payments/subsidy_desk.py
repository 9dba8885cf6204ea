"""A programme of subsidies with its desk: the stage of the tests."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from builders import an_actor, an_institution

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.db import atomic
from payments.funds import invariants as fund_invariants
from payments.funds.rules import EvidenceKind, FirmSize
from payments.subsidies import invariants, service
from payments.subsidies.models import SubsidyApplication, SubsidyProgramme
from payments.subsidies.rules import CostKind
from payments.subsidies.service import Application

FIRM_NUMBER = "91110108551385082Q"


@dataclass(frozen=True)
class Desk:
    """Fay reviews, Finn approves; Olga and Otto of the operator; Carol's firm applies."""

    programme_id: uuid.UUID
    fay: Actor
    finn: Actor
    olga: Actor
    otto: Actor
    carol: Actor


def a_desk(budget: int = 100_000_000, terms: str = "hefei-park") -> Desk:
    with atomic() as session:
        fund = an_institution(session, InstitutionKind.FUND)
        operator = an_institution(session, InstitutionKind.OPERATOR)
        actors = [
            an_actor(session, kind, frozenset({role}), house)
            for kind, house in ((InstitutionKind.FUND, fund), (InstitutionKind.OPERATOR, operator))
            for role in (Role.OFFICER, Role.APPROVER)
        ]
        carol = an_actor(session, InstitutionKind.BUYER)
        fay, finn, olga, otto = actors
        programme = service.open_programme(session, fay, terms_name=terms, year=2026, budget_minor=budget)
    desk = Desk(programme.id, fay, finn, olga, otto, carol)
    approve_budgets(desk)
    with atomic() as session:
        paid_in = service.contribute(
            session, olga, programme.id, minor=budget, bank_reference=uuid.uuid4().hex
        )
    with atomic() as session:
        service.answer_movement(session, otto, paid_in.id, confirm=True)
    return desk


def approve_budgets(desk: Desk) -> None:
    with atomic() as session:
        programme = session.get_one(SubsidyProgramme, desk.programme_id, populate_existing=True)
        ids = [row.id for row in programme.budgets if row.approved_at is None]
    for budget_id in ids:
        with atomic() as session:
            service.approve_budget(session, desk.finn, budget_id)


def stated(minor: int, **changes: Any) -> Application:
    values: dict[str, Any] = {
        "firm": "",
        "firm_number": "",
        "size": FirmSize.SMALL,
        "costs": {CostKind.APPRAISAL_FEE: minor},
        "paid_on": date(2026, 2, 1),
    }
    return Application(**(values | changes))


def applied(desk: Desk, minor: int, actor: Actor | None = None, **changes: Any) -> SubsidyApplication:
    with atomic() as session:
        return service.apply(session, actor or desk.carol, desk.programme_id, stated(minor, **changes))


def another_firm() -> Actor:
    with atomic() as session:
        return an_actor(session, InstitutionKind.BUYER)


def named(desk: Desk, row: SubsidyApplication, actor: Actor | None = None) -> None:
    for kind in (EvidenceKind.LOAN_CONTRACT, EvidenceKind.INVOICE, EvidenceKind.PROOF_OF_PAYMENT):
        with atomic() as session:
            service.add_evidence(session, actor or desk.carol, row.id, kind, reference="No 5")


def now(row: SubsidyApplication) -> SubsidyApplication:
    with atomic() as session:
        return session.get_one(SubsidyApplication, row.id, populate_existing=True)


def broken() -> dict[str, list[str]]:
    checks = (*invariants.CHECKS, *fund_invariants.CHECKS)
    with atomic() as session:
        return {name: problems for name, question in checks if (problems := question(session))}
