"""What an offer has to fulfil that only the database can tell."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.deals import queries
from marketplace.deals.models import Mandate, Offer
from marketplace.deals.rules import PACKS_WITH_OFFERS, DealReason, MandateSide, in_force
from marketplace.errors import Conflict, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import FOR_SALE
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus


def needs_confirmation(offer: Offer) -> bool:
    """Whether the buyer, named by the seller's agency, has yet to say yes."""
    mandate = offer.mandate
    return mandate is not None and mandate.side is MandateSide.SELL and offer.confirmed_by_id is None


def agency_of(offer: Offer) -> uuid.UUID:
    """Who made the offer: the agency, or the buyer itself where there is none."""
    return offer.mandate.agency_id if offer.mandate else offer.buyer_id


def check_mandate(session: Session, mandate: Mandate, lot: Lot, now: datetime) -> None:
    """Refuse a mandate that is not in force, does not cover the lot, or meets the agency's own sale."""
    if not in_force(mandate.status, mandate.valid_until, today=queries.local_day(now)):
        raise Refused(DealReason.MANDATE_NOT_IN_FORCE, field="mandate_id")
    selling_other = mandate.side is MandateSide.SELL and lot.institution_id != mandate.client_id
    if selling_other or mandate.lot_id not in {None, lot.id}:
        raise Refused(DealReason.MANDATE_DOES_NOT_COVER, field="mandate_id")
    selling = queries.sell_mandate(session, lot.institution_id, lot.id, now)
    if mandate.side is MandateSide.BUY and selling and selling.agency_id == mandate.agency_id:
        raise Refused(DealReason.BOTH_SIDES, field="mandate_id")


def check_lot(lot: Lot) -> None:
    """Refuse a lot that is not for sale, or by its rules in public only."""
    if lot.status not in FOR_SALE:
        raise Conflict(DealReason.LOT_NOT_FOR_SALE)
    if lot.rule_pack not in PACKS_WITH_OFFERS:
        raise Refused(DealReason.PACK_SELLS_IN_PUBLIC_ONLY)


def buyer_of(session: Session, mandate: Mandate, buyer_id: uuid.UUID | None) -> Institution:
    """The client under a mandate to buy, else the verified buyer that was named; Refused for others."""
    if mandate.side is MandateSide.BUY:
        return mandate.client
    buyer = session.get(Institution, buyer_id) if buyer_id else None
    verified = buyer is not None and buyer.status is InstitutionStatus.VERIFIED
    if buyer is None or not verified or buyer.kind is not InstitutionKind.BUYER:
        raise Refused(DealReason.BUYER_UNKNOWN, field="buyer")
    return buyer
