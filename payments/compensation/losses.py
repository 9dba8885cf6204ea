"""What a disposal left unpaid of the bank's claim, and what the platform has on record of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Auction
from auctions.procedure.models import StepDecision
from auctions.procedure.rules import Verdict
from marketplace.deals.queries import live_deal
from marketplace.errors import Conflict
from marketplace.listings.models import DefaultCase, Lot
from marketplace.listings.rules import LotStatus
from marketplace.rights.rules import EncumbranceKind
from marketplace.rule_packs import StepKind, load
from marketplace.rule_packs.ladder import Rung, rung_at
from payments.compensation.rules import PoolReason
from payments.models import Settlement
from payments.rules import PayoutKind
from payments.waterfall import Step


@dataclass(frozen=True, slots=True)
class Loss:
    """What is left of a bank's first-ranking claim once its lot was sold, or could not be sold.

    Attributes:
        minor: the unpaid remainder of the bank's claim.
        settlement: of the sale; None where the procedure ended without one.
        ended_at: when the sale was settled, or the procedure ended.
    """

    minor: int
    case: DefaultCase
    settlement: Settlement | None
    ended_at: datetime


def losses_of(session: Session, bank_id: uuid.UUID, limit: int = 50) -> list[tuple[Lot, Loss]]:
    """The bank's lots whose disposal has ended with a loss, the latest first."""
    settled = select(Settlement.lot_id).where(Settlement.kind == PayoutKind.SETTLEMENT)
    ended = Lot.status.in_((LotStatus.WITHDRAWN, LotStatus.UNSOLD)) | Lot.id.in_(settled)
    statement = select(Lot).where(Lot.institution_id == bank_id, Lot.default_case_id.is_not(None), ended)
    found = []
    for lot in session.scalars(statement.order_by(Lot.changed_at.desc()).limit(limit)):
        try:
            loss = loss_of(session, lot)
        except Conflict:
            continue  # its disposal goes on, or the debtor has paid: nothing to claim
        if loss.minor > 0:
            found.append((lot, loss))
    return found


def loss_of(session: Session, lot: Lot) -> Loss:
    """The loss on a lot.

    Raises:
        Conflict: the lot secures no loan, its disposal has not ended, or the debtor has redeemed it.
    """
    case = lot.default_case
    if case is None:
        raise Conflict(PoolReason.NO_CASE)
    settlements = _settlements(session, lot.id)
    sale = next((row for row in settlements if row.kind is PayoutKind.SETTLEMENT), None)
    left = min([_left(row, lot) for row in settlements], default=case.outstanding_minor)
    if sale is not None:
        return Loss(left, case, sale, sale.settled_at)
    _check_ended(session, lot)
    return Loss(left, case, None, lot.failed_at or lot.changed_at)


def _settlements(session: Session, lot_id: uuid.UUID) -> list[Settlement]:
    """Of the lot's sale, and of the deposits forfeited on the way to it."""
    kinds = (PayoutKind.SETTLEMENT, PayoutKind.FORFEITURE)
    statement = select(Settlement).where(Settlement.lot_id == lot_id, Settlement.kind.in_(kinds))
    return list(session.scalars(statement.order_by(Settlement.settled_at.desc())))


def _left(settlement: Settlement, lot: Lot) -> int:
    """What a settlement leaves open of the seller's claim: each begins with what the one before left."""
    bank = str(lot.institution_id)
    own = [line for line in settlement.lines if line["step"] == Step.CLAIM and line["party"] == bank]
    own = [line for line in own if line["rank"] == 1]
    if not own:
        return 0 if settlement.kind is PayoutKind.SETTLEMENT else _owed(lot)
    return sum(int(line["due"]) - int(line["paid"]) for line in own)


def _owed(lot: Lot) -> int:
    return lot.default_case.outstanding_minor if lot.default_case else 0


def _check_ended(session: Session, lot: Lot) -> None:
    """Without a sale the procedure must be over: withdrawn for good, or no attempt is left."""
    redeemed = select(StepDecision.id).where(
        StepDecision.lot_id == lot.id,
        StepDecision.kind == StepKind.REDEMPTION,
        StepDecision.verdict == Verdict.APPROVED,
    )
    if session.scalar(redeemed) is not None:
        raise Conflict(PoolReason.REDEEMED)
    over = rung_at(load(lot.rule_pack, lot.rule_pack_version), lot.round) is Rung.OVER
    ended = lot.status is LotStatus.WITHDRAWN or (lot.status is LotStatus.UNSOLD and over)
    if not ended or live_deal(session, lot.id) is not None:
        raise Conflict(PoolReason.NOT_ENDED)


def registered_pledge(lot: Lot) -> str:
    """The number under which the bank's pledge is registered; empty where none is on record."""
    for right in lot.rights:
        for encumbrance in right.encumbrances:
            own = encumbrance.holder == lot.institution.name
            if own and encumbrance.kind is EncumbranceKind.PLEDGE and encumbrance.registration_number:
                return encumbrance.registration_number
    return ""


def last_auction(session: Session, lot_id: uuid.UUID) -> Auction | None:
    """The last attempt, whose record proves the disposal."""
    statement = select(Auction).where(Auction.lot_id == lot_id).order_by(Auction.attempt.desc())
    return session.scalars(statement).first()
