"""Deals that wait to be settled, and what their settlement needs."""

import uuid

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from auctions.fair_play.queries import award_waits
from marketplace.deals.models import Deal, TransferRecord
from marketplace.deals.rules import DealStatus, TransferStep
from marketplace.deals.waivers.models import TitleWaiver
from payments.models import Deposit, SaleCost, Settlement
from payments.queries.due import first_deal
from payments.rates.queries import without_a_rate
from payments.rules import DepositStatus, PayoutKind


def deal_to_settle(session: Session) -> Deal | None:
    """A paid deal whose title is transferred or waived, with a rate for claims in other currencies.

    A rate is not guessed at: a deal without one waits on the money desk.
    """
    steps = select(func.count()).where(TransferRecord.deal_id == Deal.id).correlate(Deal).scalar_subquery()
    statement = select(Deal).where(
        Deal.status == DealStatus.PAID,
        or_(steps == len(TransferStep), _waived()),
        ~_settled(),
        ~without_a_rate(),
        ~award_waits(),
    )
    return first_deal(session, statement)


def _settled() -> ColumnElement[bool]:
    return exists().where(Settlement.deal_id == Deal.id, Settlement.kind == PayoutKind.SETTLEMENT)


def _waived() -> ColumnElement[bool]:
    return exists().where(TitleWaiver.deal_id == Deal.id, TitleWaiver.agreed.is_(True))


def costs_of(session: Session, deal_id: uuid.UUID) -> list[SaleCost]:
    statement = select(SaleCost).where(SaleCost.deal_id == deal_id).order_by(SaleCost.recorded_at)
    return list(session.scalars(statement))


def deposits_forfeited(session: Session, lot_id: uuid.UUID) -> list[Deposit]:
    """Forfeited deposits on a lot that are not distributed yet, in the order of their deals."""
    distributed = exists().where(
        Settlement.deal_id == Deposit.deal_id, Settlement.kind == PayoutKind.FORFEITURE
    )
    statement = (
        select(Deposit)
        .join(Deal, Deal.id == Deposit.deal_id)
        .where(Deposit.lot_id == lot_id, Deposit.status == DepositStatus.FORFEITED, ~distributed)
        .order_by(Deal.agreed_at)
        .with_for_update(of=Deposit)
    )
    return list(session.scalars(statement))
