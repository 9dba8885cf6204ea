"""Lines that need a person: one officer proposes what a line is, or its undoing; another one decides."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock, four_eyes
from marketplace.access import Actor, Verb, require
from marketplace.errors import Conflict, NotFound, Refused
from payments import queries as money
from payments.bank import queries
from payments.bank.models import LineProposal, LineState
from payments.bank.rules.words import Found, LineStatus, MatchKind, ProposalKind, Reason
from payments.bank.service.acts import record
from payments.bank.service.matching import Persons, Target, match, undo
from payments.models import Deposit, Payment
from payments.rules import Reason as MoneyReason
from payments.rules import normal_reference
from payments.spending.models import LimitDeposit
from payments.spending.queries import limit_deposit_by_reference


def propose_match(
    session: Session, actor: Actor, line_id: uuid.UUID, *, kind: MatchKind, reference: str, reason: str
) -> LineProposal:
    """The first person: this line is that.

    Args:
        session: within `atomic()`.
        actor: an officer of the operator.
        line_id: a line that waits.
        kind: what it is; an order of ours is found by its code only, never proposed.
        reference: the code of the deposit or balance; the bank's number of what was booked by hand.
        reason: why, in words.

    Raises:
        Refused: nothing has the reference, or the line goes the other way.
        Conflict: the line is matched, or something about it waits for a decision already.
        NotFound, NotAllowed: as `lock_line`, `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    state = queries.lock_line(session, line_id)
    if state.status is not LineStatus.UNASSIGNED:
        raise Conflict(Reason.LINE_MATCHED)
    _check_free(session, line_id)
    target = _target(session, state, kind, reference)
    code = target.row.reference if target.row is not None else reference.strip()
    return _propose(
        session,
        actor,
        line_id,
        kind=ProposalKind.ASSIGN,
        match_kind=kind,
        reason=reason,
        reference=code[:100],
    )


def propose_undoing(session: Session, actor: Actor, line_id: uuid.UUID, reason: str) -> LineProposal:
    """The first person: this match is wrong.

    Raises:
        Conflict: the line is not matched, or something about it waits for a decision already.
        NotFound, NotAllowed: as `lock_line`, `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    state = queries.lock_line(session, line_id)
    if state.match is None:
        raise Conflict(Reason.LINE_NOT_MATCHED)
    _check_free(session, line_id)
    return _propose(
        session, actor, line_id, kind=ProposalKind.UNDO, match_kind=state.match.kind, reason=reason
    )


def decide_proposal(
    session: Session, actor: Actor, proposal_id: uuid.UUID, *, agreed: bool, answer: str
) -> LineProposal:
    """The second person agrees, and it is done at once, or does not.

    Raises:
        Refused: as `matching.match` and `matching.undo`.
        Conflict: it is answered already.
        NotFound, NotAllowed: there is none; the actor proposed it, or as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    proposal = session.get(LineProposal, proposal_id)
    if proposal is None:
        raise NotFound("line_proposal")
    state = queries.lock_line(session, proposal.line_id)
    session.refresh(proposal)
    four_eyes.settle(proposal, actor, agreed=agreed, answer=answer, now=clock.now())
    persons = Persons(proposal.proposed_by_id, actor, proposal.reason)
    if agreed and proposal.kind is ProposalKind.UNDO:
        undo(session, state, persons)
    elif agreed:
        match(session, state, _target(session, state, proposal.match_kind, proposal.reference), persons)
    record(session, "answer_proposal", proposal.line_id, actor, reason=answer, agreed=agreed)
    return proposal


def _check_free(session: Session, line_id: uuid.UUID) -> None:
    if queries.open_proposal(session, line_id) is not None:
        raise Conflict(Reason.ALREADY_PROPOSED)


def _propose(
    session: Session,
    actor: Actor,
    line_id: uuid.UUID,
    *,
    kind: ProposalKind,
    match_kind: MatchKind,
    reason: str,
    reference: str = "",
) -> LineProposal:
    proposal = LineProposal(
        line_id=line_id,
        kind=kind,
        match_kind=match_kind,
        reference=reference,
        **four_eyes.proposed(actor, reason, clock.now()),
    )
    session.add(proposal)
    session.flush()
    record(session, "propose", line_id, actor, reason=proposal.reason, kind=kind, match_kind=match_kind)
    return proposal


def _target(session: Session, state: LineState, kind: MatchKind, reference: str) -> Target:
    match kind:
        case MatchKind.BUYER:
            row = _row(session, reference)
            if row.currency != state.line.currency:
                raise Refused(MoneyReason.WRONG_CURRENCY, "reference", currency=row.currency)
            return Target(kind, Found.PERSONS, row=row)
        case MatchKind.LIMIT:
            return Target(kind, Found.PERSONS, limit=_limit(session, state, reference))
        case MatchKind.BY_HAND:
            return Target(kind, Found.PERSONS, booked_id=_booked(session, state, reference))
        case MatchKind.PAYOUT:
            raise Refused(Reason.WRONG_DIRECTION, "kind")
        case _:
            return Target(kind, Found.PERSONS)


def _row(session: Session, reference: str) -> Deposit | Payment:
    code = normal_reference(reference)
    row = money.deposit_by_reference(session, code) if code else None
    found = row or (money.payment_by_reference(session, code) if code else None)
    if found is None:
        raise Refused(MoneyReason.UNKNOWN_REFERENCE, "reference")
    return found


def _limit(session: Session, state: LineState, reference: str) -> LimitDeposit:
    code = normal_reference(reference)
    row = limit_deposit_by_reference(session, code) if code else None
    if row is None:
        raise Refused(MoneyReason.UNKNOWN_REFERENCE, "reference")
    if row.currency != state.line.currency:
        raise Refused(MoneyReason.WRONG_CURRENCY, "reference", currency=row.currency)
    return row


def _booked(session: Session, state: LineState, reference: str) -> uuid.UUID:
    """What an officer booked by hand under another number than the line has, if the amount is the line's."""
    found = queries.by_hand(session, {reference.strip()}).get(reference.strip())
    if found is None:
        raise Refused(MoneyReason.UNKNOWN_REFERENCE, "reference")
    booked_id, minor = found
    if minor != state.line.amount_minor:
        raise Refused(Reason.AMOUNT_DIFFERS, "reference")
    if queries.booked_is_shown(session, booked_id):
        raise Conflict(Reason.LINE_MATCHED)
    return booked_id
