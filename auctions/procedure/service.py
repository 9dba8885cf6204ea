"""Deciding the next step: one person of the bank proposes it, another approves, and it is carried out."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

import auctions.queries
from auctions.procedure import queries
from auctions.procedure.carrying_out import Approved, carry_out, terms_for
from auctions.procedure.models import StepDecision
from auctions.procedure.rules import (
    ProcedureReason,
    Proposal,
    Verdict,
    check_proposal,
    step_among,
)
from auctions.procedure.writing import content_hash, read_proposal, written
from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.deals.windows.service import require_no_open_window
from marketplace.errors import Conflict, Refused
from marketplace.listings.models import Lot
from marketplace.listings.queries import lock_lot, position_on_ladder
from marketplace.listings.rules import FOR_SALE, LotStatus
from marketplace.listings.terms import check_ready
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.rule_packs import PossibleStep, StepKind, load, possible_steps

_LONGEST_REASON = 500
_LONGEST_NAME = 200


def possible_now(session: Session, lot: Lot, now: datetime) -> tuple[PossibleStep, ...]:
    """The steps that the lot's rule pack allows at `now`; none for a lot that is not on the market."""
    if lot.status not in FOR_SALE:
        return ()
    attempts = queries.attempts_of(session, lot.id)
    pack = load(lot.rule_pack, lot.rule_pack_version)
    secured, reference = lot.default_case_id is not None, lot.reference_price_minor
    found = possible_steps(pack, attempts, reference=reference, secured=secured, now=now)
    if lot.status is LotStatus.UNSOLD:
        return found
    anytime = {StepKind.CONVERSION, StepKind.REDEMPTION, StepKind.WITHDRAWAL}
    return tuple(step for step in found if step.kind in anytime)


def propose(session: Session, actor: Actor, lot_id: uuid.UUID, proposal: Proposal) -> StepDecision:
    """The first person of the bank: this is how it goes on.

    Raises:
        Refused: something is missing, or a limit of the rule pack is broken; the field is named.
        Conflict: the rules do not allow the step now, or another proposal waits.
        NotFound, NotAllowed: as `access.require`.
    """
    lot = lock_lot(session, lot_id)
    require(actor, Verb.DRAFT_LOT, Subject(owner_id=lot.institution_id))
    if queries.waiting_proposal(session, lot.id) is not None:
        raise Conflict(ProcedureReason.STEP_WAITS_ALREADY)
    step = _checked(session, lot, proposal, clock.now())
    latest = queries.latest_auction(session, lot.id)
    taking = proposal.kind is StepKind.TAKING
    row = _add(
        session,
        lot,
        actor,
        kind=proposal.kind,
        verdict=Verdict.PROPOSED,
        after_id=latest.id if latest else None,
        terms=written(proposal),
        price_minor=step.price if taking else proposal.price_minor,
        cost_minor=proposal.cost_minor,
        cost_payee=proposal.cost_payee.strip()[:_LONGEST_NAME],
        document=proposal.document.strip()[:_LONGEST_NAME],
        reason=proposal.reason.strip()[:_LONGEST_REASON],
    )
    _tell(session, lot, NoticeKind.STEP_PROPOSED)
    return row


def approve(session: Session, actor: Actor, proposal_id: uuid.UUID, *, seen_hash: str) -> StepDecision:
    """The second person agrees, and the step is carried out in the same transaction.

    Raises:
        Refused: the approver proposed it himself, or it breaks a limit by now.
        Conflict: it is answered, is not what the approver saw, or something has happened to the lot since.
        NotFound, NotAllowed: as `access.require`.
    """
    proposal, lot = _locked(session, proposal_id)
    require(actor, Verb.APPROVE_LOT, Subject(owner_id=lot.institution_id))
    now = clock.now()
    _check_unanswered(session, proposal)
    if actor.person_id == proposal.person_id:
        raise Refused(ProcedureReason.PROPOSER_IS_APPROVER)
    latest = queries.latest_auction(session, lot.id)
    if seen_hash != proposal.content_hash or proposal.after_id != (latest.id if latest else None):
        raise Conflict(ProcedureReason.STEP_OVERTAKEN)
    read = read_proposal(proposal)
    _checked(session, lot, read, now)
    answer = _answer(session, actor, proposal, Verdict.APPROVED, proposal.reason)
    carry_out(session, Approved(actor, lot, proposal, read.attempt, now))
    _tell(session, lot, NoticeKind.STEP_APPROVED)
    return answer


def refuse(session: Session, actor: Actor, proposal_id: uuid.UUID, *, reason: str) -> StepDecision:
    """The second person does not agree, or the first takes the proposal back; the reason stays.

    Raises:
        Refused: no reason is given.
        Conflict: it is answered already.
        NotFound, NotAllowed: as `access.require`.
    """
    proposal, lot = _locked(session, proposal_id)
    verb = Verb.DRAFT_LOT if actor.person_id == proposal.person_id else Verb.APPROVE_LOT
    require(actor, verb, Subject(owner_id=lot.institution_id))
    _check_unanswered(session, proposal)
    if not reason.strip():
        raise Refused(ProcedureReason.REASON_NEEDED, field="reason")
    answer = _answer(session, actor, proposal, Verdict.REFUSED, reason.strip()[:_LONGEST_REASON])
    _tell(session, lot, NoticeKind.STEP_REFUSED)
    return answer


def _locked(session: Session, proposal_id: uuid.UUID) -> tuple[StepDecision, Lot]:
    """The proposal with its lot; an announced auction is locked before the lot, as its opening does it."""
    proposal = queries.find_proposal(session, proposal_id)
    running = queries.open_auction(session, proposal.lot_id)
    if running is not None:
        auctions.queries.lock_auction(session, running.id)
    lot = lock_lot(session, proposal.lot_id)
    if queries.open_auction(session, lot.id) is not running:
        raise Conflict(ProcedureReason.STEP_OVERTAKEN)
    return proposal, lot


def _checked(session: Session, lot: Lot, proposal: Proposal, now: datetime) -> PossibleStep:
    """The step as the rules allow it; raises for a proposal that breaks them."""
    step = step_among(possible_now(session, lot, now), proposal.kind)
    running, case = queries.open_auction(session, lot.id), lot.default_case
    opens_at = running.opens_at if running else None
    debt = case.outstanding_minor if case else None
    check_proposal(proposal, now=now, opens_at=opens_at, debt_minor=debt)
    if proposal.attempt is not None:
        require_no_open_window(session, lot.id, now)
        pack = load(lot.rule_pack, lot.rule_pack_version)
        terms = terms_for(lot, proposal.kind, proposal.attempt, pack)
        position, rights = position_on_ladder(lot), len(lot.rights)
        for problem in check_ready(terms, pack, rights=rights, now=now, position=position):
            raise problem
    return step


def _check_unanswered(session: Session, proposal: StepDecision) -> None:
    if queries.answer_to(session, proposal.id) is not None:
        raise Conflict(ProcedureReason.STEP_ANSWERED)


def _answer(
    session: Session, actor: Actor, proposal: StepDecision, verdict: Verdict, reason: str
) -> StepDecision:
    return _add(
        session,
        proposal.lot,
        actor,
        kind=proposal.kind,
        verdict=verdict,
        after_id=proposal.after_id,
        proposal_id=proposal.id,
        price_minor=proposal.price_minor,
        cost_minor=proposal.cost_minor,
        cost_payee=proposal.cost_payee,
        document=proposal.document,
        reason=reason,
        content_hash=proposal.content_hash,
    )


def _add(session: Session, lot: Lot, actor: Actor, **values: Any) -> StepDecision:
    row = StepDecision(
        lot_id=lot.id,
        sequence=len(queries.decisions_of(session, lot.id)) + 1,
        currency=lot.currency,
        person_id=actor.person_id,
        at=clock.now(),
        **({"content_hash": content_hash(lot.id, values)} | values),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        f"procedure.{row.verdict}",
        lot.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=row.reason,
        kind=row.kind,
        content=row.content_hash,
    )
    return row


def _tell(session: Session, lot: Lot, kind: NoticeKind) -> None:
    notify(session, lot.institution_id, kind, f"/portfolio/lots/{lot.id}/procedure", title=lot.title)
