"""Named selects of what follows a default."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketplace.audit import AuditEntry
from marketplace.deals.models import Deal
from marketplace.deals.rules import LIVE_DEALS, DealStatus
from marketplace.errors import NotFound
from payments.defaults.models import ForfeitDecision, MoreTimeRequest, Shortfall, ShortfallWaiver
from payments.defaults.rules import ShortfallStatus
from payments.models import Deposit, Settlement
from payments.rules import DepositStatus, PayoutKind

LIMIT = 100


def requests_of(session: Session, payment_id: uuid.UUID) -> Sequence[MoreTimeRequest]:
    """What the buyer asked for and was told, the latest first."""
    statement = select(MoreTimeRequest).where(MoreTimeRequest.payment_id == payment_id)
    return session.scalars(statement.order_by(MoreTimeRequest.proposed_at.desc()).limit(LIMIT)).all()


def open_requests(session: Session) -> Sequence[MoreTimeRequest]:
    """Requests that wait for an officer, the oldest first."""
    statement = select(MoreTimeRequest).where(MoreTimeRequest.agreed.is_(None))
    return session.scalars(statement.order_by(MoreTimeRequest.proposed_at).limit(LIMIT)).all()


def lock_request(session: Session, request_id: uuid.UUID) -> MoreTimeRequest:
    """The request, read anew and locked; raises NotFound."""
    statement = select(MoreTimeRequest).where(MoreTimeRequest.id == request_id)
    statement = statement.with_for_update(of=MoreTimeRequest).execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("request")
    return found


def deposits_to_distribute(session: Session) -> Sequence[Deposit]:
    """Forfeited deposits that nobody has distributed yet, the oldest default first."""
    distributed = exists().where(
        Settlement.deal_id == Deposit.deal_id, Settlement.kind == PayoutKind.FORFEITURE
    )
    statement = (
        select(Deposit)
        .join(Deal, Deal.id == Deposit.deal_id)
        .where(Deposit.status == DepositStatus.FORFEITED, ~distributed)
        .order_by(Deal.agreed_at, Deposit.id)
    )
    return session.scalars(statement.limit(LIMIT)).all()


def forfeited_in(session: Session, deal_id: uuid.UUID) -> Deposit | None:
    """The deposit forfeited in the deal and not distributed yet, locked."""
    distributed = exists().where(Settlement.deal_id == deal_id, Settlement.kind == PayoutKind.FORFEITURE)
    statement = select(Deposit).where(
        Deposit.deal_id == deal_id, Deposit.status == DepositStatus.FORFEITED, ~distributed
    )
    return session.scalars(statement.with_for_update(of=Deposit)).one_or_none()


def holds_the_lot(session: Session, lot_id: uuid.UUID) -> Deal | None:
    """A deal whose settlement will take a forfeited deposit of the lot with it, or has."""
    statement = select(Deal).where(Deal.lot_id == lot_id, Deal.status.in_(LIVE_DEALS))
    return session.scalars(statement).first()


def defaulted_at(session: Session, deal: Deal) -> datetime:
    """When the deal ended for want of payment; its deadline where the record is older than that entry."""
    statement = select(AuditEntry.at).where(
        AuditEntry.subject_id == deal.id, AuditEntry.act == f"deals.{DealStatus.DEFAULTED}"
    )
    return session.scalars(statement.order_by(AuditEntry.at)).first() or deal.pay_by


def decisions_of(session: Session, deal_id: uuid.UUID) -> Sequence[ForfeitDecision]:
    """What was decided about the forfeited deposit, the latest first."""
    statement = select(ForfeitDecision).where(ForfeitDecision.deal_id == deal_id)
    return session.scalars(statement.order_by(ForfeitDecision.proposed_at.desc()).limit(LIMIT)).all()


def lock_decision(session: Session, decision_id: uuid.UUID) -> ForfeitDecision:
    """The decision, read anew and locked; raises NotFound."""
    statement = select(ForfeitDecision).where(ForfeitDecision.id == decision_id)
    statement = statement.with_for_update(of=ForfeitDecision).execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("decision")
    return found


def open_shortfalls(session: Session) -> Sequence[Shortfall]:
    """What defaulters still owe, the oldest first."""
    statement = select(Shortfall).where(Shortfall.status == ShortfallStatus.OPEN)
    return session.scalars(statement.order_by(Shortfall.opened_at).limit(LIMIT)).all()


def shortfall_of(session: Session, deal_id: uuid.UUID) -> Shortfall | None:
    return session.scalars(select(Shortfall).where(Shortfall.deal_id == deal_id)).one_or_none()


def lock_shortfall(session: Session, shortfall_id: uuid.UUID) -> Shortfall:
    """The shortfall, read anew and locked; raises NotFound."""
    statement = select(Shortfall).where(Shortfall.id == shortfall_id).with_for_update(of=Shortfall)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("shortfall")
    return found


def waivers_of(session: Session, shortfall_id: uuid.UUID) -> Sequence[ShortfallWaiver]:
    """What was proposed and answered about giving it up, the latest first."""
    statement = select(ShortfallWaiver).where(ShortfallWaiver.shortfall_id == shortfall_id)
    return session.scalars(statement.order_by(ShortfallWaiver.proposed_at.desc()).limit(LIMIT)).all()


def lock_waiver(session: Session, waiver_id: uuid.UUID) -> ShortfallWaiver:
    """The waiver, read anew and locked; raises NotFound."""
    statement = select(ShortfallWaiver).where(ShortfallWaiver.id == waiver_id)
    statement = statement.with_for_update(of=ShortfallWaiver).execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("waiver")
    return found
