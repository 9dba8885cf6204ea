"""A lot with its rights as the index holds it. Nothing that is not public goes in."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution
from marketplace.parties.names import region_of
from marketplace.rights.models import Right
from marketplace.rights.rules import RightType
from search import analysis, keys
from search.engines import Document, Tokens
from search.prices import price_key
from transactions.market.rules.regions import unit_of

LAYOUT = "3"
"""Changes when documents or their tokens change; an index of another layout is built anew."""

# Only these still have an opening and a closing to come; the others stand last when lots are sorted by them.
TO_COME = frozenset({LotStatus.PUBLISHED, LotStatus.RESERVED})

# Places left free between two texts: more than any nearness that can be asked for.
_GAP = 1_000

# The 45 classes of goods and services as banks write them: 9, 09, 第9类, Class 9.
_NICE_NUMBER = re.compile(r"(?:第|nice|class)*0*([1-9]|[1-3][0-9]|4[0-5])类?", re.IGNORECASE)
_SUBCLASS = re.compile(r"[A-H][0-9]{2}[A-Z]")


def version(changed_at: datetime, status: LotStatus) -> str:
    """Tells one state of a lot from another; begins with the moment, so the greatest is the latest."""
    return f"{changed_at.isoformat(timespec='microseconds')} {status}"


def version_moment(version_text: str) -> datetime:
    """The moment in a version."""
    return datetime.fromisoformat(version_text.split(" ", maxsplit=1)[0])


def moment(changed_at: datetime, region_stated_at: datetime | None) -> datetime:
    """When a lot's document last changed: with the lot, or with where its seller says to be."""
    return max(changed_at, region_stated_at or changed_at)


def document(lot: Lot) -> Document:
    """The document of a lot in a public status; the default case, debtor, reserve and mandates stay out."""
    return Document(
        id=str(lot.id),
        version=version(moment(lot.changed_at, lot.institution.region_stated_at), lot.status),
        texts=texts_of(lot),
        keys=_keys(lot),
        facets=_facets(lot),
        numbers=_numbers(lot),
    )


def texts_of(lot: Lot) -> dict[str, Tokens]:
    """The tokens of a lot by text field: the whole of it, and its parts."""
    titles = [lot.title, *(right.title for right in lot.rights)]
    applicants = [right.applicant for right in lot.rights]
    abstracts = [right.abstract for right in lot.rights]
    claims = [right.claims_text for right in lot.rights]
    whole = [*titles, lot.reference, lot.institution.name, lot.description, *applicants, *abstracts, *claims]
    together = "\n".join(whole)
    return {
        "grams": _apart(whole, analysis.grams),
        "title_grams": _apart(titles, analysis.part_grams),
        "abstract_grams": _apart(abstracts, analysis.part_grams),
        "claims_grams": _apart(claims, analysis.part_grams),
        "applicant_grams": _apart(applicants, analysis.part_grams),
        "words": analysis.words(together),
        "characters": analysis.characters(together),
        "title": analysis.words("\n".join(titles)),
    }


def _apart(texts: Iterable[str], tokenise: Callable[[str, int], Tokens]) -> Tokens:
    """Words with positions; neither a phrase nor nearness reaches from one text into the next."""
    tokens: list[tuple[str, int]] = []
    for text in texts:
        start = tokens[-1][1] + _GAP if tokens else 0
        tokens.extend(tokenise(text, start))
    return tuple(tokens)


def class_symbols(right: Right) -> list[str]:
    """The keys of the classes a right is in, the main one first; of goods and services for a trademark."""
    if right.right_type is not RightType.TRADEMARK:
        return [keys.class_key(symbol) for symbol in right.classes]
    numbers = (_NICE_NUMBER.fullmatch("".join(written.split())) for written in right.classes)
    return [keys.nice_key(number[1]) for number in numbers if number]


def _keys(lot: Lot) -> dict[str, frozenset[str]]:
    numbers = [number for right in lot.rights for number in (right.number, right.publication_number)]
    symbols = frozenset(symbol for right in lot.rights for symbol in class_symbols(right))
    above = [{symbol} if symbol.startswith("nice:") else keys.class_keys(symbol) for symbol in symbols]
    return {
        "classes": frozenset[str]().union(*above),
        "symbols": symbols - {""},
        "numbers": frozenset[str]().union(*map(keys.number_keys, numbers)),
    }


def _facets(lot: Lot) -> dict[str, frozenset[str]]:
    fields = (right.technology_field for right in lot.rights)
    symbols = (symbol for right in lot.rights for symbol in class_symbols(right))
    return {
        "status": frozenset({str(lot.status)}),
        "right_type": frozenset(str(right.right_type) for right in lot.rights),
        "technology_field": frozenset(str(field) for field in fields if field is not None),
        "subclass": frozenset(found for symbol in symbols if (found := _subclass(symbol))),
        "seller": frozenset({str(lot.institution_id)}),
        "region": frozenset({_region(lot.institution)} - {""}),
        "channel": frozenset({lot.auction_format}),
    }


def _region(seller: Institution) -> str:
    """Where the seller is, a unit of China always in digits (CN-37); empty where that is not known."""
    code = region_of(seller.country, seller.registration_number, seller.region)
    unit = unit_of(code)
    return unit.code if unit else code


def _subclass(symbol: str) -> str:
    """The four characters that a symbol of the IPC begins with, a Nice class whole; empty for another."""
    if symbol.startswith("nice:"):
        return symbol
    return symbol[:4] if _SUBCLASS.match(symbol) else ""


def _numbers(lot: Lot) -> dict[str, int]:
    """Price, moments and days; of several rights the one filed first and the one that ends first count."""
    coming = lot.status in TO_COME
    found = {
        "price": _price(lot),
        "opens": _seconds(lot.opens_at) if coming else None,
        "closes": _seconds(lot.closes_at) if coming else None,
        "published": _seconds(lot.published_at),
        "filed": _first_day(right.filed_on for right in lot.rights),
        "expires": _first_day(right.expires_on for right in lot.rights),
    }
    return {name: number for name, number in found.items() if number is not None}


def _price(lot: Lot) -> int | None:
    return None if lot.start_price_minor is None else price_key(lot.start_price_minor, lot.currency)


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _first_day(days: Iterable[date | None]) -> int | None:
    return min((day.toordinal() for day in days if day is not None), default=None)
