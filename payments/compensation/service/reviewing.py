"""The fund decides: an officer reviews a claim and its division, another person releases it."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, may, require, require_four_eyes
from marketplace.canonical import digest
from marketplace.errors import Conflict, Refused
from marketplace.notices.rules import NoticeKind
from marketplace.status import check_move
from payments.compensation import queries
from payments.compensation.models import ClaimPart, CompensationClaim
from payments.compensation.rules import (
    CLAIM_MOVES,
    Agreement,
    ClaimStatus,
    Division,
    PartyRole,
    PoolReason,
    divide_loss,
)
from payments.compensation.rules.agreement import read
from payments.compensation.service.claiming import missing_evidence
from payments.compensation.service.telling import tell
from payments.funds.documents import documents_of
from payments.funds.rules import FundReason, check_said
from payments.service import books
from payments.service.acts import record


def divided(session: Session, claim: CompensationClaim) -> tuple[Division, int]:
    """How the loss would be divided now, and in which year its caps count."""
    year = clock.now().astimezone(clock.LOCAL_ZONE).year
    room = queries.room_for(session, claim, year)
    terms = read(claim.agreement.terms)
    return divide_loss(terms, claim.loss_minor, claim.principal_minor, room), year


def review(session: Session, actor: Actor, claim_id: uuid.UUID, reason: str) -> CompensationClaim:
    """The fund's officer has looked at the file: the loss is divided, the fund's part is promised.

    Raises:
        Refused: a document lacks, or no reason is given. Conflict: it does not wait for a review.
        NotFound, NotAllowed: as `access.require`.
    """
    claim = _kept(session, actor, claim_id, Verb.KEEP_FUND)
    check_move(CLAIM_MOVES, claim.status, ClaimStatus.REVIEWED)
    terms = read(claim.agreement.terms)
    missing = missing_evidence(terms, documents_of(session, claim.id))
    if missing:
        raise Refused(PoolReason.EVIDENCE_LACKING, field="reason", missing=missing)
    claim.reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    division, claim.year = divided(session, claim)
    _write(session, claim, terms, division)
    claim.status, claim.reviewed_by_id, claim.reviewed_at = (
        ClaimStatus.REVIEWED,
        actor.person_id,
        clock.now(),
    )
    claim.content_hash = content_hash(claim)
    record(session, "review_claim", claim.id, actor, reason=claim.reason, hash=claim.content_hash)
    tell(session, claim.bank_id, NoticeKind.COMPENSATION_REVIEWED, claim, _paid_by_others(claim))
    return claim


def release(session: Session, actor: Actor, claim_id: uuid.UUID, seen_hash: str) -> CompensationClaim:
    """The second person: whoever bears a part pays it; who has not paid in yet is asked to.

    Raises:
        Conflict: it is not reviewed, or the page showed another division.
        NotAllowed: the actor reviewed it, or as `access.require`.
    """
    claim = _kept(session, actor, claim_id, Verb.RELEASE_FUND)
    require_four_eyes(actor, Subject(makers=_makers(claim)))
    check_move(CLAIM_MOVES, claim.status, ClaimStatus.RELEASED)
    if seen_hash != claim.content_hash or claim.content_hash != content_hash(claim):
        raise Conflict(PoolReason.REVIEWED_OTHERWISE)
    claim.status, claim.released_by_id, claim.released_at = (
        ClaimStatus.RELEASED,
        actor.person_id,
        clock.now(),
    )
    record(session, "release_claim", claim.id, actor, hash=claim.content_hash)
    tell(session, claim.bank_id, NoticeKind.COMPENSATION_RELEASED, claim, _paid_by_others(claim))
    for part in claim.parts:
        if part.role not in {PartyRole.BANK, PartyRole.FUND} and part.minor:
            tell(session, part.institution_id, NoticeKind.COMPENSATION_CALLED, claim, part.minor)
    return claim


def send_back(session: Session, actor: Actor, claim_id: uuid.UUID, reason: str) -> CompensationClaim:
    """The second person does not agree: the claim waits for a review again, nothing is promised.

    Raises:
        Refused: no reason. Conflict: it is not reviewed. NotAllowed: as `access.require`.
    """
    claim = _kept(session, actor, claim_id, Verb.RELEASE_FUND)
    check_move(CLAIM_MOVES, claim.status, ClaimStatus.CLAIMED)
    claim.reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    _forget_review(claim)
    claim.status = ClaimStatus.CLAIMED
    record(session, "send_claim_back", claim.id, actor, reason=claim.reason)
    return claim


def refuse(session: Session, actor: Actor, claim_id: uuid.UUID, reason: str) -> CompensationClaim:
    """The fund does not compensate this loss: its officer, or its approver after the review.

    Raises:
        Refused: no reason. Conflict: it is released already. NotFound, NotAllowed: as `access.require`.
    """
    subject = Subject(owner_id=queries.find_claim(session, claim_id).pool.keeper_id)
    verb = Verb.KEEP_FUND if may(actor, Verb.KEEP_FUND, subject) else Verb.RELEASE_FUND
    claim = _kept(session, actor, claim_id, verb)
    check_move(CLAIM_MOVES, claim.status, ClaimStatus.REFUSED)
    claim.reason = check_said(reason, FundReason.REASON_NEEDED, "reason")
    _forget_review(claim)
    claim.status, claim.ended_at = ClaimStatus.REFUSED, clock.now()
    record(session, "refuse_claim", claim.id, actor, reason=claim.reason)
    tell(session, claim.bank_id, NoticeKind.COMPENSATION_REFUSED, claim)
    return claim


def content_hash(claim: CompensationClaim) -> str:
    """What the second person releases: who pays how much of which loss."""
    parts = {str(part.role): [str(part.institution_id), part.minor] for part in claim.parts}
    return digest({"claim": str(claim.id), "loss": claim.loss_minor, "parts": parts, "cuts": claim.cuts})


def _kept(session: Session, actor: Actor, claim_id: uuid.UUID, verb: Verb) -> CompensationClaim:
    claim = queries.lock_claim(session, claim_id)
    require(actor, verb, Subject(owner_id=claim.pool.keeper_id))
    return claim


def _makers(claim: CompensationClaim) -> frozenset[uuid.UUID]:
    return frozenset({claim.reviewed_by_id} if claim.reviewed_by_id else ())


def _forget_review(claim: CompensationClaim) -> None:
    claim.parts.clear()
    claim.cuts, claim.uncovered_minor, claim.content_hash, claim.year = [], 0, "", None
    claim.reviewed_by_id, claim.reviewed_at = None, None


def _write(session: Session, claim: CompensationClaim, terms: Agreement, division: Division) -> None:
    """The division as rows: who bears what, out of which account."""
    fund = queries.fund_of(session, claim.pool)
    claim.uncovered_minor = division.uncovered
    claim.cuts = [{"cap": str(cut.cap), "minor": cut.minor} for cut in division.cuts]
    for line, (role, minor) in enumerate(division.parts.items(), start=1):
        party = terms.party(role)
        bank = role is PartyRole.BANK or party is None or not party.institution
        owner = claim.bank_id if bank or party is None else uuid.UUID(party.institution)
        account = None if bank else books.account(session, fund.account(owner))
        part = ClaimPart(line=line, role=role, institution_id=owner, minor=minor)
        part.share = party.share if party else 0
        part.account_id = account.id if account else None
        claim.parts.append(part)
    session.flush()


def _paid_by_others(claim: CompensationClaim) -> int:
    return sum(part.minor for part in claim.parts if part.role is not PartyRole.BANK)
