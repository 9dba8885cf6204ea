"""What a page may know of a lot. The view for the public holds no reserve that is not public."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from flask_babel import gettext

from marketplace.charts import Dates, Span, dates
from marketplace.clock import LOCAL_ZONE
from marketplace.listings.models import Lot
from marketplace.listings.rules import AuctionFormat, LotStatus
from marketplace.rights.models import Right
from marketplace.rights.rules import next_annuity
from marketplace.rule_packs import ConsentTier, Pack, load
from marketplace.taxes import TaxBearer, Treatment


@dataclass(frozen=True, slots=True)
class PublicLot:
    """A lot as anybody may see it; `reserve_minor` is None unless it is public."""

    id: uuid.UUID
    reference: str
    title: str
    description: str
    seller: str
    seller_id: uuid.UUID
    status: LotStatus
    currency: str
    reference_price_minor: int | None
    reference_price_basis: str | None
    start_price_minor: int | None
    reserve_minor: int | None
    deposit_minor: int | None
    increment_minor: int | None
    auction_format: AuctionFormat
    tax_bearer: TaxBearer
    price_tax: Treatment
    consent_tier: ConsentTier
    pack: Pack
    opens_at: datetime | None
    closes_at: datetime | None
    published_at: datetime | None
    rights: list[Right]


def public_lot(lot: Lot) -> PublicLot:
    """What anybody may see of a lot."""
    return PublicLot(
        id=lot.id,
        reference=lot.reference,
        title=lot.title,
        description=lot.description,
        seller=lot.institution.name,
        seller_id=lot.institution_id,
        status=lot.status,
        currency=lot.currency,
        reference_price_minor=lot.reference_price_minor,
        reference_price_basis=lot.reference_price_basis,
        start_price_minor=lot.start_price_minor,
        reserve_minor=lot.reserve_minor if lot.reserve_public else None,
        deposit_minor=lot.deposit_minor,
        increment_minor=lot.increment_minor,
        auction_format=AuctionFormat(lot.auction_format),
        tax_bearer=lot.tax_bearer,
        price_tax=lot.price_tax,
        consent_tier=lot.consent_tier,
        pack=load(lot.rule_pack, lot.rule_pack_version),
        opens_at=lot.opens_at,
        closes_at=lot.closes_at,
        published_at=lot.published_at,
        rights=lot.rights,
    )


def lot_dates(lot: PublicLot, now: datetime) -> tuple[list[Span], Dates]:
    """The dates of a lot and its rights, as a list and as a picture."""
    spans = []
    if lot.published_at:
        spans.append(Span(gettext("Published"), lot.published_at))
    if lot.opens_at:
        ahead = lot.opens_at > now
        spans.append(Span(gettext("Bidding"), lot.opens_at, lot.closes_at, "next" if ahead else "plain"))
    for right in lot.rights[:10]:
        spans += right_dates(right, now)
    return spans, dates(spans, now)


def right_dates(right: Right, now: datetime) -> list[Span]:
    """When the next yearly fee of a right is due, and when the right ends."""
    today = now.astimezone(LOCAL_ZONE).date()
    annuity = next_annuity(right.right_type, right.filed_on, right.expires_on, today=today)
    spans = []
    if annuity is not None:
        label = gettext("Yearly fee %(number)s", number=right.number)
        spans.append(Span(label, _noon(annuity.due_on), None, "next"))
    if right.expires_on is not None:
        label = gettext("%(number)s ends", number=right.number)
        spans.append(Span(label, _noon(right.expires_on), None, "limit"))
    return spans


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)  # noon in Shanghai: the day is the same in most zones
