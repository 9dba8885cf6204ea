"""Named selects of the decisions about a lot's procedure."""

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from auctions import queries
from auctions.attempts import attempt_of
from auctions.models import Auction
from auctions.procedure.models import StepDecision
from auctions.procedure.rules import Verdict
from auctions.rules import Outcome
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.rule_packs import Attempt


def attempts_of(session: Session, lot_id: uuid.UUID) -> list[Attempt]:
    """The lot's attempts in their order."""
    return [attempt_of(auction) for auction in reversed(queries.auctions_of_lot(session, lot_id))]


def latest_auction(session: Session, lot_id: uuid.UUID) -> Auction | None:
    """The lot's last attempt, whatever became of it."""
    return next(iter(queries.auctions_of_lot(session, lot_id)), None)


def open_auction(session: Session, lot_id: uuid.UUID) -> Auction | None:
    """The lot's auction that has not ended."""
    found = queries.auctions_of_lot(session, lot_id)
    return next((auction for auction in found if auction.outcome is Outcome.OPEN), None)


def decisions_of(session: Session, lot_id: uuid.UUID) -> Sequence[StepDecision]:
    """Everything that was proposed and answered about a lot, in its order."""
    statement = select(StepDecision).where(StepDecision.lot_id == lot_id).order_by(StepDecision.sequence)
    return session.scalars(statement).all()


def waiting_proposal(session: Session, lot_id: uuid.UUID) -> StepDecision | None:
    """The proposal about the lot that nobody has answered."""
    return session.scalars(_waiting().where(StepDecision.lot_id == lot_id)).first()


def waiting_of_bank(session: Session, institution_id: uuid.UUID, limit: int = 20) -> Sequence[StepDecision]:
    """The bank's proposals that wait for a second person, the oldest first."""
    own = _waiting().join(Lot, Lot.id == StepDecision.lot_id).where(Lot.institution_id == institution_id)
    return session.scalars(own.order_by(StepDecision.at).limit(limit)).all()


def undecided_lots(session: Session, institution_id: uuid.UUID, limit: int = 20) -> Sequence[Lot]:
    """The bank's unsold lots for which nothing is proposed, what failed first at the top."""
    waiting = _waiting().with_only_columns(StepDecision.lot_id)
    lots = select(Lot).where(
        Lot.institution_id == institution_id, Lot.status == LotStatus.UNSOLD, Lot.id.not_in(waiting)
    )
    return session.scalars(lots.order_by(Lot.failed_at, Lot.id).limit(limit)).all()


def _waiting() -> Select[StepDecision]:
    answer = aliased(StepDecision)
    answered = select(answer.id).where(answer.proposal_id == StepDecision.id).exists()
    return select(StepDecision).where(StepDecision.verdict == Verdict.PROPOSED, ~answered)


def find_proposal(session: Session, proposal_id: uuid.UUID) -> StepDecision:
    """A proposal; raises NotFound."""
    found = session.get(StepDecision, proposal_id)
    if found is None or found.verdict is not Verdict.PROPOSED:
        raise NotFound("proposal")
    return found


def answer_to(session: Session, proposal_id: uuid.UUID) -> StepDecision | None:
    return session.scalars(select(StepDecision).where(StepDecision.proposal_id == proposal_id)).one_or_none()


def proposal_behind(session: Session, decision_id: uuid.UUID) -> StepDecision | None:
    """The proposal that a deal of a taking or conversion names as its source."""
    return session.get(StepDecision, decision_id)
