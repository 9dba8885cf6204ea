"""A forfeited deposit whose lot is not sold again: one officer proposes to distribute it, another agrees."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import clock, four_eyes
from marketplace.access import Actor, Verb, require
from marketplace.deals.models import Deal
from marketplace.deals.queries import lock_deal
from marketplace.errors import Conflict
from marketplace.listings.rules import FOR_SALE, LotStatus
from payments.defaults import queries
from payments.defaults.models import ForfeitDecision
from payments.defaults.rules import DefaultReason, DistributionGround, distribution_ground
from payments.defaults.service.more_time import pack_of
from payments.service import forfeited
from payments.service.acts import record

# A reserved lot is in an auction, or its next bidder is asked: it may still be sold.
_ON_MARKET = frozenset({*FOR_SALE, LotStatus.RESERVED})


def propose_distribution(session: Session, actor: Actor, deal_id: uuid.UUID, reason: str) -> ForfeitDecision:
    """The first officer: the deposit need not wait for another sale.

    Raises:
        Refused: without a reason.
        Conflict: nothing is forfeited in the deal or it is distributed, the lot may still be sold in time,
            or a decision waits.
        NotFound, NotAllowed: no such deal; as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    deal, now = lock_deal(session, deal_id), clock.now()
    ground = _checked(session, deal, now)
    if any(row.waits for row in queries.decisions_of(session, deal.id)):
        raise Conflict(DefaultReason.PROPOSED_ALREADY)
    row = ForfeitDecision(deal_id=deal.id, deal=deal, ground=ground, **four_eyes.proposed(actor, reason, now))
    session.add(row)
    session.flush()
    record(session, "propose_distribution", deal.id, actor, reason=row.reason, ground=ground)
    return row


def answer_distribution(
    session: Session, actor: Actor, decision_id: uuid.UUID, *, agreed: bool, reason: str
) -> ForfeitDecision:
    """The second officer agrees, and the deposit is distributed: costs, debts by rank, surplus; or does not.

    Raises:
        Refused: without a reason.
        Conflict: it is answered, or the lot has been sold meanwhile.
        NotFound, NotAllowed: no such decision; the actor proposed it; as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    row = queries.lock_decision(session, decision_id)
    deal, now = lock_deal(session, row.deal_id), clock.now()
    four_eyes.settle(row, actor, agreed=agreed, answer=reason, now=now)
    record(session, "answer_distribution", deal.id, actor, reason=row.answer, agreed=agreed)
    if agreed:
        _checked(session, deal, now)
        deposit = queries.forfeited_in(session, deal.id)
        if deposit is None:
            raise Conflict(DefaultReason.NOTHING_FORFEITED)
        forfeited.settle_alone(session, deposit)
    return row


def ground_for(session: Session, deal: Deal, now: datetime) -> DistributionGround | None:
    """Why the deposit forfeited in the deal may be distributed by itself now; None while it has to wait."""
    return distribution_ground(
        pack_of(deal),
        on_market=deal.lot.status in _ON_MARKET,
        sold_again=queries.holds_the_lot(session, deal.lot_id) is not None,
        defaulted_at=queries.defaulted_at(session, deal),
        now=now,
    )


def _checked(session: Session, deal: Deal, now: datetime) -> DistributionGround:
    if queries.forfeited_in(session, deal.id) is None:
        raise Conflict(DefaultReason.NOTHING_FORFEITED)
    ground = ground_for(session, deal, now)
    if ground is None:
        raise Conflict(DefaultReason.STILL_TO_BE_SOLD)
    return ground
