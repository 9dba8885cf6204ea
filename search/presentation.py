"""What the page and the JSON show of an answer: rows, facets with their addresses, pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup
from werkzeug.routing import BuildError

from auctions.live.snapshot import hides_bids
from auctions.models import Auction
from marketplace.listings.models import Lot
from marketplace.money import decimal_text
from marketplace.rights.texts import RIGHT_TYPES
from search.labels import field_label
from search.highlight import excerpt, highlight
from search.rules import PAGE_LIMIT, Question
from search.finding import Page

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
        closes_at: of the auction where there is one, else of the lot.
    """

    lot: Lot
    url: str | None
    title: Markup
    excerpt: Markup
    numbers: list[Markup]
    more: int
    types: list[str]
    fields: list[str]
    price_minor: int | None
    closes_at: datetime | None


def rows(page: Page, question: Question, now: datetime) -> list[Row]:
    """The rows of a page, in its order."""
    return [_row(lot, page.auctions.get(lot.id), question, now) for lot in page.lots]


def _row(lot: Lot, auction: Auction | None, question: Question, now: datetime) -> Row:
    marks = question.words.marks
    texts = [lot.description, *(text for right in lot.rights for text in (right.title, right.abstract))]
    texts = [text for text in texts if text != lot.title]
    numbers = [right.number for right in lot.rights]
    return Row(
        lot=lot,
        url=lot_url(lot),
        title=highlight(lot.title, marks),
        excerpt=excerpt(texts, marks),
        numbers=[highlight(number, marks) for number in numbers[:SHOWN_NUMBERS]],
        more=max(len(numbers) - SHOWN_NUMBERS, 0),
        types=[str(RIGHT_TYPES[kind]) for kind in sorted({right.right_type for right in lot.rights})],
        fields=[field_label(number) for number in _fields(lot)],
        price_minor=_price(auction, now),
        closes_at=auction.closes_at if auction else lot.closes_at,
    )


def _fields(lot: Lot) -> list[int]:
    return sorted({right.technology_field for right in lot.rights if right.technology_field is not None})


def _price(auction: Auction | None, now: datetime) -> int | None:
    return auction.price_minor if auction is not None and not hides_bids(auction, now) else None


def lot_url(lot: Lot, *, external: bool = False) -> str | None:
    """The address of the lot's page; None where that page is not installed."""
    try:
        return url_for("listings.lot", lot_id=lot.id, _external=external)
    except BuildError:
        return None


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
        "url": lot_url(lot, external=True),
        "seller": lot.institution.name,
        "right_types": sorted({str(right.right_type) for right in lot.rights}),
        "numbers": [right.number for right in lot.rights],
        "classes": sorted({symbol for right in lot.rights for symbol in right.classes}),
        "technology_fields": _fields(lot),
        "currency": lot.currency,
        "start_price": amount(lot.start_price_minor),
        "price": amount(row.price_minor),
        "closes_at": row.closes_at.isoformat() if row.closes_at else None,
    }


def paging(page: Page, question: Question) -> Paging:
    """Pages in all, as far as they can be asked for."""
    pages = -(-page.total // question.size)
    return Paging(question.page, min(pages, PAGE_LIMIT), page.total)
