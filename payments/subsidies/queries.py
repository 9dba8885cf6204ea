"""Named reads of programmes and applications; those that start with `lock_` hold the row."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import NotFound
from marketplace.parties.models import Institution
from payments.funds.service import Fund
from payments.ledger import Purpose
from payments.models import Payout
from payments.rules import PayoutStatus
from payments.subsidies.models import ProgrammeBudget, SubsidyApplication, SubsidyProgramme
from payments.subsidies.rules import IN_BUDGET, STANDING, ApplicationStatus, parse, read

LIMIT = 200
PERIOD_LIMIT = 10_000


@cache
def known_terms() -> dict[str, dict[str, object]]:
    """The programmes whose terms come with the platform, by name, as their files have them."""
    folder = resources.files("payments.subsidies") / "programmes"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name
    )
    found = [parse(file.read_text(encoding="utf-8")) for file in files]
    return {str(raw["name"]): raw for raw in found}


def find_programme(session: Session, programme_id: uuid.UUID) -> SubsidyProgramme:
    """The programme; raises NotFound."""
    found = session.get(SubsidyProgramme, programme_id)
    if found is None:
        raise NotFound("programme")
    return found


def lock_programme(session: Session, programme_id: uuid.UUID) -> SubsidyProgramme:
    """The programme, locked: its budget and its caps are counted by one at a time. Raises NotFound."""
    statement = select(SubsidyProgramme).where(SubsidyProgramme.id == programme_id).with_for_update()
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("programme")
    return found


def all_programmes(session: Session) -> list[SubsidyProgramme]:
    """The latest years first."""
    statement = select(SubsidyProgramme).order_by(SubsidyProgramme.year.desc(), SubsidyProgramme.terms_name)
    return list(session.scalars(statement.limit(LIMIT)))


def programme_like(
    session: Session, keeper_id: uuid.UUID, terms_name: str, year: int
) -> SubsidyProgramme | None:
    statement = select(SubsidyProgramme).where(
        SubsidyProgramme.keeper_id == keeper_id,
        SubsidyProgramme.terms_name == terms_name,
        SubsidyProgramme.year == year,
    )
    return session.scalars(statement).one_or_none()


def find_budget(session: Session, budget_id: uuid.UUID) -> ProgrammeBudget:
    """The addition to a budget; lock its programme first. Raises NotFound."""
    found = session.get(ProgrammeBudget, budget_id, populate_existing=True)
    if found is None:
        raise NotFound("budget")
    return found


def budget_of(session: Session, programme_id: uuid.UUID) -> int:
    """What was approved for the programme, in minor units."""
    statement = select(func.coalesce(func.sum(ProgrammeBudget.amount_minor), 0)).where(
        ProgrammeBudget.programme_id == programme_id, ProgrammeBudget.approved_at.is_not(None)
    )
    return int(session.scalar(statement) or 0)


def used_of(session: Session, programme_id: uuid.UUID) -> int:
    """What applications have taken of the budget, in minor units."""
    statement = select(func.coalesce(func.sum(SubsidyApplication.amount_minor), 0)).where(
        SubsidyApplication.programme_id == programme_id, SubsidyApplication.status.in_(IN_BUDGET)
    )
    return int(session.scalar(statement) or 0)


def firm_used(session: Session, programme_id: uuid.UUID, firm_number: str) -> int:
    """What a firm's applications come to that stand, those on the waiting list among them."""
    statement = select(func.coalesce(func.sum(SubsidyApplication.amount_minor), 0)).where(
        SubsidyApplication.programme_id == programme_id,
        SubsidyApplication.firm_number == firm_number,
        SubsidyApplication.status.in_(STANDING),
    )
    return int(session.scalar(statement) or 0)


def deal_used(session: Session, deal_id: uuid.UUID) -> bool:
    """Whether a subsidy for this purchase stands already, in whichever programme."""
    statement = select(SubsidyApplication.id).where(
        SubsidyApplication.deal_id == deal_id, SubsidyApplication.status.in_(STANDING)
    )
    return session.scalars(statement).first() is not None


def completed_purchases(session: Session, buyer_id: uuid.UUID) -> list[Deal]:
    """Deals in which the institution has bought, the latest first."""
    statement = select(Deal).where(Deal.buyer_id == buyer_id, Deal.status == DealStatus.COMPLETED)
    return list(session.scalars(statement.order_by(Deal.completed_at.desc()).limit(LIMIT)))


def institution_numbered(session: Session, number: str) -> Institution | None:
    statement = select(Institution).where(
        Institution.country == "CN", Institution.registration_number == number
    )
    return session.scalars(statement).one_or_none()


def next_number(session: Session, programme_id: uuid.UUID) -> int:
    statement = select(func.max(SubsidyApplication.number)).where(
        SubsidyApplication.programme_id == programme_id
    )
    return (session.scalar(statement) or 0) + 1


def find_application(session: Session, application_id: uuid.UUID) -> SubsidyApplication:
    """The application; raises NotFound."""
    found = session.get(SubsidyApplication, application_id)
    if found is None:
        raise NotFound("application")
    return found


def lock_application(session: Session, application_id: uuid.UUID) -> SubsidyApplication:
    """The application, its programme locked before it; raises NotFound."""
    lock_programme(session, find_application(session, application_id).programme_id)
    statement = (
        select(SubsidyApplication)
        .where(SubsidyApplication.id == application_id)
        .with_for_update(of=SubsidyApplication)
    )
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def first_waiting(session: Session, programme_id: uuid.UUID) -> SubsidyApplication | None:
    """The application that stands first on the waiting list."""
    statement = select(SubsidyApplication).where(
        SubsidyApplication.programme_id == programme_id,
        SubsidyApplication.status == ApplicationStatus.WAITING,
    )
    return session.scalars(statement.order_by(SubsidyApplication.number)).first()


def applications_of(session: Session, programme_id: uuid.UUID) -> list[SubsidyApplication]:
    """The applications for a programme, the latest first."""
    of_programme = latest().where(SubsidyApplication.programme_id == programme_id)
    return list(session.scalars(of_programme.limit(LIMIT)))


def count_waiting(session: Session, programme_id: uuid.UUID) -> int:
    """How many stand on the waiting list."""
    statement = select(func.count(SubsidyApplication.id)).where(
        SubsidyApplication.programme_id == programme_id,
        SubsidyApplication.status == ApplicationStatus.WAITING,
    )
    return session.scalar(statement) or 0


def place_of(session: Session, application: SubsidyApplication) -> int:
    """Its place on the waiting list, from 1."""
    statement = select(func.count(SubsidyApplication.id)).where(
        SubsidyApplication.programme_id == application.programme_id,
        SubsidyApplication.status == ApplicationStatus.WAITING,
        SubsidyApplication.number <= application.number,
    )
    return session.scalar(statement) or 0


def seen_by(institution_id: uuid.UUID) -> Select[SubsidyApplication]:
    """A firm's own applications, those it made for others, and a keeper's."""
    kept = select(SubsidyProgramme.id).where(SubsidyProgramme.keeper_id == institution_id)
    return latest().where(
        or_(
            SubsidyApplication.applicant_id == institution_id,
            SubsidyApplication.payee_id == institution_id,
            SubsidyApplication.programme_id.in_(kept),
        )
    )


def latest() -> Select[SubsidyApplication]:
    return select(SubsidyApplication).order_by(
        SubsidyApplication.applied_at.desc(), SubsidyApplication.number.desc()
    )


def applied_between(session: Session, since: datetime, until: datetime) -> Sequence[SubsidyApplication]:
    """Applications of a period, in their order."""
    statement = select(SubsidyApplication).where(
        SubsidyApplication.applied_at >= since, SubsidyApplication.applied_at < until
    )
    ordered = statement.order_by(SubsidyApplication.applied_at, SubsidyApplication.number)
    return session.scalars(ordered.limit(PERIOD_LIMIT)).all()


def waiting_for(session: Session, keeper_id: uuid.UUID) -> list[SubsidyApplication]:
    """What waits for a keeper's officer or approver, in the order of application."""
    statement = (
        select(SubsidyApplication)
        .join(SubsidyProgramme, SubsidyProgramme.id == SubsidyApplication.programme_id)
        .where(
            SubsidyProgramme.keeper_id == keeper_id,
            SubsidyApplication.status.in_((ApplicationStatus.APPLIED, ApplicationStatus.REVIEWED)),
        )
    )
    return list(session.scalars(statement.order_by(SubsidyApplication.applied_at).limit(LIMIT)))


def application_to_close(session: Session) -> SubsidyApplication | None:
    """An approved application whose payout has been paid."""
    statement = (
        select(SubsidyApplication)
        .join(Payout, Payout.id == SubsidyApplication.payout_id)
        .where(SubsidyApplication.status == ApplicationStatus.APPROVED, Payout.status == PayoutStatus.PAID)
    )
    return session.scalars(statement.order_by(SubsidyApplication.approved_at).limit(1)).first()


def fund_of(programme: SubsidyProgramme) -> Fund:
    """The programme as its money sees it."""
    return Fund(programme.id, Purpose.SUBSIDY, programme.currency, programme.keeper_id)


def title_of(programme: SubsidyProgramme, language: str) -> str:
    """The programme's title in the reader's language, with its year."""
    terms = read(programme.terms)
    return f"{terms.title if language == 'zh' else terms.title_en} {programme.year}"
