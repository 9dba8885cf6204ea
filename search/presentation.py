"""What the page and the JSON show of an answer: rows, facets with their addresses, pages."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from auctions.live.snapshot import hides_bids
from auctions.models import Auction
from marketplace.listings.models import Lot
from marketplace.money import decimal_text
from marketplace.rights.texts import RIGHT_TYPES
from search.documents import TO_COME
from search.finding import Page
from search.highlight import excerpt, highlight
from search.labels import field_label
from search.rules import PAGE_LIMIT, Question

TOLD_RIGHTS = 20
"""Rights of a lot whose texts are looked through for a piece to show."""

SHOWN_NUMBERS = 3
"""Numbers of rights shown of a lot; the others are counted."""


@dataclass(frozen=True, slots=True)
class Paging:
    """What the macro `pager` needs."""

    page: int
    pages: int
    total: int

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages


@dataclass(frozen=True, slots=True)
class Row:
    """A lot in the list; prices in minor units of the lot's currency.

    Attributes:
        numbers: of its rights, at most SHOWN_NUMBERS, highlighted. more: how many others there are.
        price_minor: the price bid so far where everybody may see it, else None.
        opens_at, closes_at: see `times_of`.
        ends_on: the day on which the first of its rights ends.
    """

    lot: Lot
    url: str
    title: Markup
    excerpt: Markup
    numbers: list[Markup]
    more: int
    types: list[str]
    fields: list[str]
    price_minor: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    ends_on: date | None


def rows(
    lots: Sequence[Lot], auctions: Mapping[uuid.UUID, Auction], marks: Sequence[str], now: datetime
) -> list[Row]:
    """Lots as rows in their order, what `marks` name marked in their texts."""
    return [_row(lot, auctions.get(lot.id), marks, now) for lot in lots]


def _row(lot: Lot, auction: Auction | None, marks: Sequence[str], now: datetime) -> Row:
    numbers = [right.number for right in lot.rights]
    opens_at, closes_at = times_of(lot, auction)
    return Row(
        lot=lot,
        url=lot_url(lot.id),
        title=highlight(lot.title, marks),
        excerpt=excerpt(_told(lot), marks),
        numbers=[highlight(number, marks) for number in numbers[:SHOWN_NUMBERS]],
        more=max(len(numbers) - SHOWN_NUMBERS, 0),
        types=[str(RIGHT_TYPES[kind]) for kind in sorted({right.right_type for right in lot.rights})],
        fields=[field_label(number) for number in _fields(lot)],
        price_minor=price_now(auction, now),
        opens_at=opens_at,
        closes_at=closes_at,
        ends_on=min((right.expires_on for right in lot.rights if right.expires_on), default=None),
    )


def _told(lot: Lot) -> list[str]:
    """The texts of a lot but its title, what a reader would look at first before the wording of claims."""
    rights = lot.rights[:TOLD_RIGHTS]
    texts = [lot.description, *(text for right in rights for text in (right.title, right.abstract))]
    texts += [right.claims_text for right in rights]
    return [text for text in texts if text != lot.title]


def _fields(lot: Lot) -> list[int]:
    return sorted({right.technology_field for right in lot.rights if right.technology_field is not None})


def times_of(lot: Lot, auction: Auction | None) -> tuple[datetime | None, datetime | None]:
    """When bidding opens and closes: in its auction; planned ones only where one may still be announced."""
    if auction is not None:
        return auction.opens_at, auction.closes_at
    return (lot.opens_at, lot.closes_at) if lot.status in TO_COME else (None, None)


def price_now(auction: Auction | None, now: datetime) -> int | None:
    """The price bid so far where everybody may see it, else None."""
    return auction.price_minor if auction is not None and not hides_bids(auction, now) else None


def lot_url(lot_id: uuid.UUID, *, external: bool = False) -> str:
    """The address of a lot's page."""
    return url_for("listings.lot", lot_id=lot_id, _external=external)


def as_json(row: Row) -> dict[str, Any]:
    """A lot for machines; amounts as decimal texts, moments RFC 3339."""
    lot = row.lot

    def amount(minor: int | None) -> str | None:
        return None if minor is None else decimal_text(minor, lot.currency)

    return {
        "id": str(lot.id),
        "reference": lot.reference,
        "title": lot.title,
        "status": str(lot.status),
        "url": lot_url(lot.id, external=True),
        "seller": lot.institution.name,
        "right_types": sorted({str(right.right_type) for right in lot.rights}),
        "numbers": [right.number for right in lot.rights],
        "classes": sorted({symbol for right in lot.rights for symbol in right.classes}),
        "technology_fields": _fields(lot),
        "currency": lot.currency,
        "start_price": amount(lot.start_price_minor),
        "price": amount(row.price_minor),
        "deposit": amount(lot.deposit_minor),
        "way_of_selling": lot.auction_format,
        "opens_at": row.opens_at.isoformat() if row.opens_at else None,
        "closes_at": row.closes_at.isoformat() if row.closes_at else None,
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
    }


def paging(page: Page, question: Question) -> Paging:
    """Pages in all, as far as they can be asked for."""
    pages = -(-page.total // question.size)
    return Paging(question.page, min(pages, PAGE_LIMIT), page.total)
