"""The keeper decides: an officer reviews an application, another person approves it, then it is paid."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, may, require, require_four_eyes
from marketplace.errors import Conflict, Refused
from marketplace.notices.rules import NoticeKind
from marketplace.status import check_move
from payments.funds import service as funds
from payments.funds.documents import documents_of
from payments.funds.rules import EvidenceKind, FundReason, check_said
from payments.rules import PayoutKind
from payments.service.acts import record
from payments.subsidies import queries
from payments.subsidies.models import SubsidyApplication
from payments.subsidies.rules import APPLICATION_MOVES, ApplicationStatus, SubsidyReason, read
from payments.subsidies.service.waiting import admit_waiting, tell


def missing_evidence(session: Session, row: SubsidyApplication) -> tuple[EvidenceKind, ...]:
    """What the programme asks for and nobody has named."""
    named = {document.kind for document in documents_of(session, row.id)}
    return tuple(kind for kind in read(row.programme.terms).evidence if kind not in named)


def review(session: Session, actor: Actor, application_id: uuid.UUID, reason: str) -> SubsidyApplication:
    """The keeper's officer has looked at the documents.

    Raises:
        Refused: a document lacks, or no reason is given. Conflict: it does not wait for a review.
        NotFound, NotAllowed: as `access.require`.
    """
    row = _kept(session, actor, application_id, Verb.KEEP_FUND)
    check_move(APPLICATION_MOVES, row.status, ApplicationStatus.REVIEWED)
    if missing_evidence(session, row):
        raise Refused(SubsidyReason.EVIDENCE_LACKING, field="reason")
    row.reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    row.status, row.reviewed_by_id, row.reviewed_at = (
        ApplicationStatus.REVIEWED,
        actor.person_id,
        clock.now(),
    )
    record(session, "review_application", row.id, actor, reason=row.reason, hash=row.content_hash)
    tell(session, row.applicant_id, NoticeKind.SUBSIDY_REVIEWED, row)
    return row


def approve(session: Session, actor: Actor, application_id: uuid.UUID, seen_hash: str) -> SubsidyApplication:
    """The second person: the subsidy is set apart and its payout made.

    Raises:
        Refused: the programme's account holds less. Conflict: it is not reviewed, or was seen otherwise.
        NotAllowed: the actor reviewed it, or as `access.require`.
    """
    row = _kept(session, actor, application_id, Verb.RELEASE_FUND)
    makers = frozenset({row.reviewed_by_id} if row.reviewed_by_id else ())
    require_four_eyes(actor, Subject(makers=makers))
    check_move(APPLICATION_MOVES, row.status, ApplicationStatus.APPROVED)
    if seen_hash != row.content_hash:
        raise Conflict(SubsidyReason.SEEN_OTHERWISE)
    fund = queries.fund_of(row.programme)
    source = fund.account(fund.keeper_id)
    payee = row.payee or row.firm
    payout = funds.pay_out(session, fund, PayoutKind.SUBSIDY, source, payee, minor=row.amount_minor)
    row.payout_id = payout.id
    row.status, row.approved_by_id, row.approved_at = (
        ApplicationStatus.APPROVED,
        actor.person_id,
        clock.now(),
    )
    record(session, "approve_application", row.id, actor, minor=row.amount_minor, hash=row.content_hash)
    tell(session, row.applicant_id, NoticeKind.SUBSIDY_APPROVED, row)
    return row


def send_back(session: Session, actor: Actor, application_id: uuid.UUID, reason: str) -> SubsidyApplication:
    """The second person does not agree: it waits for a review again.

    Raises:
        Refused: no reason. Conflict: it is not reviewed. NotAllowed: as `access.require`.
    """
    row = _kept(session, actor, application_id, Verb.RELEASE_FUND)
    check_move(APPLICATION_MOVES, row.status, ApplicationStatus.APPLIED)
    row.reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    row.status, row.reviewed_by_id, row.reviewed_at = ApplicationStatus.APPLIED, None, None
    record(session, "send_application_back", row.id, actor, reason=row.reason)
    return row


def refuse(session: Session, actor: Actor, application_id: uuid.UUID, reason: str) -> SubsidyApplication:
    """The keeper does not pay: its officer, or its approver after the review; whoever waits moves up.

    Raises:
        Refused: no reason. Conflict: it is approved already. NotFound, NotAllowed: as `access.require`.
    """
    found = queries.find_application(session, application_id)
    subject = Subject(owner_id=found.programme.keeper_id)
    verb = Verb.KEEP_FUND if may(actor, Verb.KEEP_FUND, subject) else Verb.RELEASE_FUND
    row = _kept(session, actor, application_id, verb)
    check_move(APPLICATION_MOVES, row.status, ApplicationStatus.REFUSED)
    row.reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    row.status, row.ended_at = ApplicationStatus.REFUSED, clock.now()
    session.flush()
    record(session, "refuse_application", row.id, actor, reason=row.reason)
    tell(session, row.applicant_id, NoticeKind.SUBSIDY_REFUSED, row)
    admit_waiting(session, row.programme)
    return row


def close_paid(session: Session) -> bool:
    """A job: note one approved application whose payout is paid; True when there was one."""
    found = queries.application_to_close(session)
    if found is None:
        return False
    row = queries.lock_application(session, found.id)
    if row.status is not ApplicationStatus.APPROVED:
        return False
    row.status, row.ended_at = ApplicationStatus.PAID, clock.now()
    record(session, "subsidy_paid", row.id, None, minor=row.amount_minor)
    tell(session, row.applicant_id, NoticeKind.SUBSIDY_PAID, row)
    return True


def _kept(session: Session, actor: Actor, application_id: uuid.UUID, verb: Verb) -> SubsidyApplication:
    row = queries.lock_application(session, application_id)
    require(actor, verb, Subject(owner_id=row.programme.keeper_id))
    return row
