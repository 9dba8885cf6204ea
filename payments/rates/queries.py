"""Named selects of rates of the day."""

import uuid
from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.deals.models import Deal
from marketplace.errors import NotFound
from marketplace.listings.models import DefaultCase, Lot, lot_rights
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from payments.rates.models import DealRate

LIMIT = 100


def rates_of(session: Session, deal_id: uuid.UUID) -> Sequence[DealRate]:
    """What was entered and confirmed for the deal, the latest first."""
    statement = select(DealRate).where(DealRate.deal_id == deal_id)
    return session.scalars(statement.order_by(DealRate.proposed_at.desc()).limit(LIMIT)).all()


def rates_in_force(session: Session, deal_id: uuid.UUID) -> dict[str, Fraction]:
    """For each currency of a claim the rate that two persons confirmed; the first one confirmed stays."""
    found = [rate for rate in rates_of(session, deal_id) if rate.agreed]
    return {rate.currency: rate.fraction for rate in found}


def lock_rate(session: Session, rate_id: uuid.UUID) -> DealRate:
    """The rate, read anew and locked; raises NotFound."""
    statement = select(DealRate).where(DealRate.id == rate_id).with_for_update(of=DealRate)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("rate")
    return found


def without_a_rate() -> ColumnElement[bool]:
    """Whether a claim on the deal's lot is in another currency, and no rate for it is confirmed."""
    on_right = exists().where(
        lot_rights.c.lot_id == Deal.lot_id,
        Encumbrance.right_id == lot_rights.c.right_id,
        Encumbrance.claim_minor.is_not(None),
        Encumbrance.kind != EncumbranceKind.LICENCE,
        Encumbrance.currency != Deal.currency,
        ~_rate_for(Encumbrance.currency),
    )
    in_case = exists().where(
        Lot.id == Deal.lot_id,
        DefaultCase.id == Lot.default_case_id,
        and_(DefaultCase.currency != Deal.currency, ~_rate_for(DefaultCase.currency)),
    )
    return or_(on_right, in_case)


def _rate_for(currency: object) -> ColumnElement[bool]:
    return exists().where(
        DealRate.deal_id == Deal.id, DealRate.currency == currency, DealRate.agreed.is_(True)
    )


def currencies_to_convert(lot: Lot, currency: str) -> list[str]:
    """The other currencies in which claims on the lot are."""
    found = {
        encumbrance.currency
        for right in lot.rights
        for encumbrance in right.encumbrances
        if encumbrance.kind is not EncumbranceKind.LICENCE and encumbrance.claim_minor is not None
    }
    if lot.default_case is not None:
        found.add(lot.default_case.currency)
    return sorted(found - {currency})
