"""Other lots like one: by the words that tell most of it and by its classes, on every engine alike."""

import uuid
from collections import Counter
from collections.abc import Mapping

from sqlalchemy.orm import Session

from auctions.models import Auction
from marketplace.listings.models import Lot
from search import analysis, finding, index
from search.documents import class_symbols
from search.engines import Request
from search.rules.likeness import like_request, telling_words

SHOWN = 20
"""Lots on the page; a panel shows the first of them."""


def like(session: Session, lot: Lot, most: int = SHOWN) -> tuple[list[Lot], Mapping[uuid.UUID, Auction]]:
    """Other lots that anybody may see, those most like this one first, and their open auctions.

    Raises:
        Refused: the search took too long.
        Unavailable: there is no index yet.
    """
    request = _request(lot, most)
    if request is None:
        return [], {}
    hits = finding.answer(index.current(), request).hits
    others = [uuid.UUID(hit.id) for hit in hits if hit.id != str(lot.id)]
    return finding.look_up(session, others[:most])


def _request(lot: Lot, most: int) -> Request | None:
    engine, titles = index.current(), _words([lot.title, *(right.title for right in lot.rights)])
    # Names of sellers and owners say nothing of what a right is about.
    told = [lot.description, *(text for right in lot.rights for text in (right.abstract, right.claims_text))]
    counts = titles + _words(told)
    total = finding.answer(engine, Request(limit=1)).total
    frequencies = engine.frequencies("words", set(counts))
    symbols = list(dict.fromkeys(symbol for right in lot.rights for symbol in class_symbols(right)))
    # One more than are shown, because the lot itself is the one most like it.
    return like_request(telling_words(counts, titles, frequencies, total), symbols, most + 1)


def _words(texts: list[str]) -> Counter[str]:
    return Counter(word for word, _ in analysis.words("\n".join(texts)))
