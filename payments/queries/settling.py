"""Deals that wait to be settled, and what their settlement needs."""

import uuid

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from auctions.fair_play.queries import award_waits
from marketplace.deals.models import Deal, TransferRecord
from marketplace.deals.rules import DealStatus, TransferStep
from marketplace.listings.models import DefaultCase, Lot, lot_rights
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from payments.models import Deposit, SaleCost, Settlement
from payments.queries.due import first_deal
from payments.rules import DepositStatus, PayoutKind


def deal_to_settle(session: Session) -> Deal | None:
    """A paid deal with every step of its title transfer recorded, all claims in its currency, not settled.

    A claim in another currency is not guessed at: such a deal waits on the money desk.
    """
    steps = select(func.count()).where(TransferRecord.deal_id == Deal.id).correlate(Deal).scalar_subquery()
    statement = select(Deal).where(
        Deal.status == DealStatus.PAID,
        steps == len(TransferStep),
        ~_settled(),
        ~claim_in_another_currency(),
        ~award_waits(),
    )
    return first_deal(session, statement)


def _settled() -> ColumnElement[bool]:
    return exists().where(Settlement.deal_id == Deal.id, Settlement.kind == PayoutKind.SETTLEMENT)


def claim_in_another_currency() -> ColumnElement[bool]:
    """Whether a claim on the deal's lot is in another currency than its price."""
    on_right = exists().where(
        lot_rights.c.lot_id == Deal.lot_id,
        Encumbrance.right_id == lot_rights.c.right_id,
        Encumbrance.claim_minor.is_not(None),
        Encumbrance.kind != EncumbranceKind.LICENCE,
        Encumbrance.currency != Deal.currency,
    )
    in_case = exists().where(
        Lot.id == Deal.lot_id, DefaultCase.id == Lot.default_case_id, DefaultCase.currency != Deal.currency
    )
    return or_(on_right, in_case)


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
