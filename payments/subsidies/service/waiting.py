"""The waiting list: first come, first served on the budget; the programme's row must be locked."""

import uuid

from sqlalchemy.orm import Session

from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move
from payments.service.acts import record
from payments.subsidies import queries
from payments.subsidies.models import SubsidyApplication, SubsidyProgramme
from payments.subsidies.rules import APPLICATION_MOVES, ApplicationStatus


def fits(session: Session, programme: SubsidyProgramme, minor: int) -> bool:
    """Whether the budget has this much left."""
    left = queries.budget_of(session, programme.id) - queries.used_of(session, programme.id)
    return minor <= left


def place_for(session: Session, programme: SubsidyProgramme, minor: int) -> ApplicationStatus:
    """Where a new application stands: nobody passes those who wait already."""
    waits = queries.first_waiting(session, programme.id) is not None
    return (
        ApplicationStatus.WAITING
        if waits or not fits(session, programme, minor)
        else ApplicationStatus.APPLIED
    )


def admit_waiting(session: Session, programme: SubsidyProgramme) -> int:
    """Let applications into the budget in their order, until one does not fit; returns how many."""
    admitted = 0
    while (first := queries.first_waiting(session, programme.id)) is not None:
        if not fits(session, programme, first.amount_minor):
            break
        check_move(APPLICATION_MOVES, first.status, ApplicationStatus.APPLIED)
        first.status = ApplicationStatus.APPLIED
        session.flush()
        record(session, "admit_application", first.id, None, minor=first.amount_minor)
        tell(session, first.applicant_id, NoticeKind.SUBSIDY_ADMITTED, first)
        tell(session, programme.keeper_id, NoticeKind.SUBSIDY_APPLIED, first)
        admitted += 1
    return admitted


def tell(
    session: Session, institution_id: uuid.UUID, kind: NoticeKind, application: SubsidyApplication
) -> None:
    """A notice to one institution, leading to the application."""
    notify(
        session,
        institution_id,
        kind,
        f"/subsidies/applications/{application.id}",
        title=f"{queries.title_of(application.programme, 'zh')} · {application.firm}",
        amount=Money(application.amount_minor, application.currency),
    )
