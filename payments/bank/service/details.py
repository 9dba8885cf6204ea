"""Where a payee is paid to: stated by one person, confirmed by another, used only after a while."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock, four_eyes
from marketplace.access import Actor, Subject, Verb, may, require
from marketplace.errors import Conflict, NotFound
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.parties.second_factor import decrypt, encrypt
from payments.bank.models import PayeeDetails
from payments.bank.rules.words import Reason
from payments.bank.service.accounts import account_number
from payments.bank.service.acts import record

# A change of details is the oldest way to steal a payout: whoever is robbed has this long to see the notice.
COOLING = timedelta(days=3)


def state_details(
    session: Session,
    actor: Actor,
    *,
    party: str,
    institution_id: uuid.UUID | None,
    holder: str,
    bank: str,
    bank_code: str,
    number: str,
    reason: str,
    field_key: str,
) -> PayeeDetails:
    """The first person: this payee is paid to this account.

    An institution states its own; for somebody outside, whom `party` names, an officer of the operator does.
    Everybody of the institution is told at once, so that the old contact learns of a change.

    Raises:
        Refused: the number cannot be right, or no reason is given.
        Conflict: a change waits for a second person already.
        NotFound, NotAllowed: as `access.require`.
    """
    _require_to_state(actor, institution_id)
    plain = account_number(number)
    if waiting_details(session, party) is not None:
        raise Conflict(Reason.ALREADY_PROPOSED)
    details = PayeeDetails(
        party=party,
        institution_id=institution_id,
        holder=holder.strip(),
        bank=bank.strip(),
        bank_code=bank_code.strip().upper(),
        number=encrypt(field_key, plain),
        number_tail=plain[-4:],
        **four_eyes.proposed(actor, reason, clock.now()),
    )
    session.add(details)
    session.flush()
    record(session, "state_details", details.id, actor, reason=details.reason, tail=details.number_tail)
    _tell(session, details, NoticeKind.PAYEE_DETAILS_STATED)
    return details


def answer_details(
    session: Session, actor: Actor, details_id: uuid.UUID, *, agreed: bool, answer: str
) -> PayeeDetails:
    """The second person, of the payee's institution or of the operator.

    Details that replace others are used after `COOLING`; the first ones at once.

    Raises:
        Refused: no reason is given.
        Conflict: it is answered already.
        NotFound, NotAllowed: the actor stated them, or as `access.require`.
    """
    details = lock_details(session, details_id)
    subject = Subject(owner_id=details.institution_id)
    if not may(actor, Verb.RELEASE_MONEY):
        require(actor, Verb.CONFIRM_BANK_DETAILS, subject)
    now = clock.now()
    four_eyes.settle(details, actor, agreed=agreed, answer=answer, now=now)
    if agreed:
        replaces = standing_details(session, details.party, now) is not None
        details.effective_at = now + COOLING if replaces else now
    record(session, "answer_details", details.id, actor, reason=answer, agreed=agreed)
    _tell(session, details, NoticeKind.PAYEE_DETAILS_ANSWERED)
    return details


def lock_details(session: Session, details_id: uuid.UUID) -> PayeeDetails:
    """The details, read anew and locked; raises NotFound."""
    statement = select(PayeeDetails).where(PayeeDetails.id == details_id).with_for_update(of=PayeeDetails)
    row = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound("payee_details")
    return row


def standing_details(session: Session, party: str, now: datetime) -> PayeeDetails | None:
    """The details in force: the latest that two persons confirmed and whose time has come."""
    statement = (
        select(PayeeDetails)
        .where(PayeeDetails.party == party, PayeeDetails.agreed.is_(True), PayeeDetails.effective_at <= now)
        .order_by(PayeeDetails.effective_at.desc(), PayeeDetails.proposed_at.desc())
        .limit(1)
    )
    return session.scalars(statement).first()


def waiting_details(session: Session, party: str) -> PayeeDetails | None:
    """What waits for a second person."""
    statement = select(PayeeDetails).where(PayeeDetails.party == party, PayeeDetails.agreed.is_(None))
    return session.scalars(statement).first()


def coming_details(session: Session, party: str, now: datetime) -> PayeeDetails | None:
    """What is confirmed and not in force yet."""
    statement = select(PayeeDetails).where(
        PayeeDetails.party == party, PayeeDetails.agreed.is_(True), PayeeDetails.effective_at > now
    )
    return session.scalars(statement.order_by(PayeeDetails.effective_at)).first()


def plain_number(details: PayeeDetails, field_key: str) -> str:
    """The account's number in clear, for a payment file."""
    return decrypt(field_key, details.number)


def _require_to_state(actor: Actor, institution_id: uuid.UUID | None) -> None:
    if institution_id is None:
        require(actor, Verb.CONFIRM_MONEY)
    else:
        require(actor, Verb.STATE_BANK_DETAILS, Subject(owner_id=institution_id))


def _tell(session: Session, details: PayeeDetails, kind: NoticeKind) -> None:
    if details.institution_id is not None:
        title = f"{details.bank} ****{details.number_tail}"
        notify(
            session,
            details.institution_id,
            kind,
            "/money/bank-details",
            title=title,
            due_at=details.effective_at,
        )
