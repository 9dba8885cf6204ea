"""How long the money of a settled sale stays here before it is paid out."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import rule_packs
from marketplace.deals.models import Deal
from payments import queries
from payments.models import Settlement
from payments.releasing import not_before
from payments.rules import Method, PayoutKind
from payments.ways import REVERSIBLE


def held_back_until(session: Session, settlement: Settlement) -> datetime | None:
    """The end of the hold-back period by the lot's rule pack; None where nothing is held back."""
    if settlement.kind is not PayoutKind.SETTLEMENT:
        return None
    deal = session.get_one(Deal, settlement.deal_id)
    pack = rule_packs.load(deal.lot.rule_pack, deal.lot.rule_pack_version)
    return not_before(
        settled_at=settlement.settled_at,
        days=pack.hold_back_days.value if pack.hold_back_days else 0,
        paid_at=deal.paid_at,
        reversible=_reversible(session, deal),
        reversible_days=pack.reversible_hold_back_days.value if pack.reversible_hold_back_days else 0,
    )


def _reversible(session: Session, deal: Deal) -> bool:
    """Whether some of the price came by card or wallet."""
    payment, deposit = queries.payment_of(session, deal.id), queries.deposit_of_deal(session, deal.id)
    by_card = deposit is not None and deposit.method is Method.STRIPE
    return by_card or (payment is not None and payment.way in REVERSIBLE and payment.amount_minor > 0)
