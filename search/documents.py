"""A lot with its rights as the index holds it. Nothing that is not public goes in."""

from datetime import datetime

from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from search import analysis, keys
from search.engines import Document, Tokens
from search.prices import price_key

LAYOUT = "1"
"""Changes when documents or their tokens change; an index of another layout is built anew."""

# Only these still have a closing to come; the others stand last when lots are sorted by it.
_CLOSING_TO_COME = frozenset({LotStatus.PUBLISHED, LotStatus.RESERVED})


def version(changed_at: datetime, status: LotStatus) -> str:
    """Tells one state of a lot from another; begins with the moment, so the greatest is the latest."""
    return f"{changed_at.isoformat(timespec='microseconds')} {status}"


def version_moment(version_text: str) -> datetime:
    """The moment in a version."""
    return datetime.fromisoformat(version_text.split(" ", maxsplit=1)[0])


def document(lot: Lot) -> Document:
    """The document of a lot in a public status; the default case, debtor and reserve stay out."""
    titles = [lot.title, *(right.title for right in lot.rights)]
    others = [lot.reference, lot.institution.name, lot.description]
    others += [text for right in lot.rights for text in (right.applicant, right.abstract)]
    symbols = [symbol for right in lot.rights for symbol in right.classes]
    numbers = [number for right in lot.rights for number in (right.number, right.publication_number)]
    whole = "\n".join([*titles, *others])
    return Document(
        id=str(lot.id),
        version=version(lot.changed_at, lot.status),
        texts={
            "grams": _apart([*titles, *others]),
            "words": analysis.words(whole),
            "characters": analysis.characters(whole),
            "title": analysis.words("\n".join(titles)),
        },
        keys={
            "classes": frozenset[str]().union(*map(keys.class_keys, symbols)),
            "numbers": frozenset[str]().union(*map(keys.number_keys, numbers)),
        },
        facets=_facets(lot),
        numbers=_numbers(lot),
    )


def _apart(texts: list[str]) -> Tokens:
    """Words with positions; a phrase does not reach from one text into the next."""
    tokens: list[tuple[str, int]] = []
    for text in texts:
        start = tokens[-1][1] + 2 if tokens else 0
        tokens.extend(analysis.grams(text, start))
    return tuple(tokens)


def _facets(lot: Lot) -> dict[str, frozenset[str]]:
    fields = (right.technology_field for right in lot.rights)
    return {
        "status": frozenset({str(lot.status)}),
        "right_type": frozenset(str(right.right_type) for right in lot.rights),
        "technology_field": frozenset(str(field) for field in fields if field is not None),
    }


def _numbers(lot: Lot) -> dict[str, int]:
    numbers = {}
    if lot.start_price_minor is not None:
        numbers["price"] = price_key(lot.start_price_minor, lot.currency)
    if lot.closes_at is not None and lot.status in _CLOSING_TO_COME:
        numbers["closes"] = int(lot.closes_at.timestamp())
    if lot.published_at is not None:
        numbers["published"] = int(lot.published_at.timestamp())
    return numbers
