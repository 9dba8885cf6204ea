"""A firm, its bank or its agency applies; what the programme pays is computed at once."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Subject, Verb, require
from marketplace.canonical import digest
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, Refused
from marketplace.notices.rules import NoticeKind
from marketplace.parties.models import Institution
from marketplace.parties.names import clean_registration_number
from marketplace.status import check_move
from payments.funds.documents import add_document
from payments.funds.models import FundDocument
from payments.funds.rules import EvidenceKind, FirmSize, FundReason, check_said
from payments.service.acts import record
from payments.subsidies import queries
from payments.subsidies.models import SubsidyApplication, SubsidyProgramme
from payments.subsidies.rules import (
    APPLICATION_MOVES,
    ApplicationStatus,
    Asked,
    Assessment,
    CostKind,
    SubsidyReason,
    assess,
    read,
    reasons_against,
)
from payments.subsidies.service.waiting import admit_waiting, place_for, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What is stated; amounts in minor units of the programme's currency.

    Attributes:
        firm, firm_number: whom it is for; a buyer applies for itself, whatever is stated.
    """

    firm: str
    firm_number: str
    size: FirmSize
    costs: Mapping[CostKind, int]
    paid_on: date
    loan_minor: int | None = None
    deal_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """Whom a subsidy is for; `institution` is None where it has none here, `deal` where it names none."""

    name: str
    number: str
    institution: Institution | None
    deal: Deal | None = None


def apply(session: Session, actor: Actor, programme_id: uuid.UUID, stated: Application) -> SubsidyApplication:
    """Apply; it takes its place in the budget, or on the waiting list once that is used up.

    Raises:
        Refused: the programme does not pay; `reasons` in the details are all of them.
        Conflict: the programme is not open. NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.APPLY_FOR_SUBSIDY, Subject(owner_id=actor.institution_id))
    programme = queries.lock_programme(session, programme_id)
    if not queries.budget_of(session, programme.id):
        raise Conflict(SubsidyReason.NOT_OPEN)
    firm = replace(_firm(session, actor, stated), deal=_lock_deal(session, actor, stated.deal_id))
    terms, asked = read(programme.terms), _asked(session, programme, actor.kind, stated, firm)
    reasons = reasons_against(terms, asked)
    if reasons:
        raise Refused(SubsidyReason.NOT_ELIGIBLE, reasons=reasons)
    row = _row(programme, firm, stated, asked, assess(terms, asked))
    row.number = queries.next_number(session, programme.id)
    row.status = place_for(session, programme, row.amount_minor)
    row.applicant_id, row.applied_by_id, row.applied_at = actor.institution_id, actor.person_id, clock.now()
    session.add(row)
    session.flush()
    record(session, "apply_for_subsidy", row.id, actor, minor=row.amount_minor, status=row.status)
    if row.status is ApplicationStatus.APPLIED:
        tell(session, programme.keeper_id, NoticeKind.SUBSIDY_APPLIED, row)
    return row


def _firm(session: Session, actor: Actor, stated: Application) -> Firm:
    if actor.kind is InstitutionKind.BUYER:
        own = session.get_one(Institution, actor.institution_id)
        return Firm(own.name, own.registration_number, own)
    number = clean_registration_number("CN", stated.firm_number)
    known = queries.institution_numbered(session, number)
    name = check_said(stated.firm, SubsidyReason.FIRM_NEEDED, "firm", 200)
    return Firm(known.name if known else name, number, known)


def _lock_deal(session: Session, actor: Actor, deal_id: uuid.UUID | None) -> Deal | None:
    """The completed purchase, locked: two programmes never pay for one. None for any other deal."""
    if deal_id is None:
        return None
    statement = select(Deal).where(
        Deal.id == deal_id, Deal.buyer_id == actor.institution_id, Deal.status == DealStatus.COMPLETED
    )
    return session.scalars(statement.with_for_update(of=Deal)).one_or_none()


def _asked(
    session: Session,
    programme: SubsidyProgramme,
    kind: InstitutionKind,
    stated: Application,
    firm: Firm,
) -> Asked:
    """What is stated and what is on record; the price of a purchase here is its deal's, always."""
    deal = firm.deal
    costs = {cost: minor for cost, minor in stated.costs.items() if minor}
    if deal is not None and deal.currency == programme.currency:
        costs[CostKind.PURCHASE_PRICE] = deal.price_minor
    return Asked(
        applicant=kind,
        size=stated.size,
        costs=costs,
        loan_minor=stated.loan_minor,
        paid_on=stated.paid_on,
        year=programme.year,
        deal_types=frozenset(right.right_type for right in deal.lot.rights) if deal else None,
        deal_used=deal is not None and queries.deal_used(session, deal.id),
        firm_used=queries.firm_used(session, programme.id, firm.number),
    )


def _row(
    programme: SubsidyProgramme, firm: Firm, stated: Application, asked: Asked, found: Assessment
) -> SubsidyApplication:
    row = SubsidyApplication(
        programme_id=programme.id,
        programme=programme,
        firm=firm.name,
        firm_number=firm.number,
        payee_id=firm.institution.id if firm.institution else None,
        size=stated.size,
        costs={str(kind): minor for kind, minor in asked.costs.items()},
        loan_minor=stated.loan_minor,
        paid_on=stated.paid_on,
        deal_id=stated.deal_id if asked.deal_types is not None else None,
        amount_minor=found.minor,
        currency=programme.currency,
        parts={str(kind): minor for kind, minor in found.parts.items()},
        cuts=[{"cap": str(cut.cap), "minor": cut.minor} for cut in found.cuts],
    )
    row.content_hash = digest(
        {"firm": firm.number, "costs": row.costs, "minor": row.amount_minor, "parts": row.parts}
    )
    return row


def add_evidence(
    session: Session,
    actor: Actor,
    application_id: uuid.UUID,
    kind: EvidenceKind,
    *,
    reference: str,
    digest: str = "",
) -> FundDocument:
    """Name a document behind the application.

    Raises:
        Refused: as `funds.documents.add_document`. Conflict: it is reviewed already.
    """
    row = _own(session, actor, application_id)
    if row.status not in {ApplicationStatus.APPLIED, ApplicationStatus.WAITING}:
        raise Conflict(SubsidyReason.SEEN_OTHERWISE)
    return add_document(session, actor, row.id, kind, reference=reference, digest=digest)


def withdraw(session: Session, actor: Actor, application_id: uuid.UUID, reason: str) -> SubsidyApplication:
    """Take an application back before it is reviewed; whoever waits moves up.

    Raises:
        Refused: no reason. Conflict: it is reviewed already. NotFound, NotAllowed: as `access.require`.
    """
    row = _own(session, actor, application_id)
    check_move(APPLICATION_MOVES, row.status, ApplicationStatus.WITHDRAWN)
    row.reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    row.status, row.ended_at = ApplicationStatus.WITHDRAWN, clock.now()
    session.flush()
    record(session, "withdraw_application", row.id, actor, reason=row.reason)
    admit_waiting(session, row.programme)
    return row


def _own(session: Session, actor: Actor, application_id: uuid.UUID) -> SubsidyApplication:
    row = queries.lock_application(session, application_id)
    require(actor, Verb.APPLY_FOR_SUBSIDY, Subject(owner_id=row.applicant_id))
    return row
