"""A question answered: what the index finds, as the database has it now."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.models import Auction
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from search import index, queries
from search.engines import Engine, Request, Response, TooBroad, TooSlow
from search.reasons import SearchReason
from search.rules import Question, counting_requests, request_for


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results.

    Attributes:
        lots: as they are in the database now; a lot no longer public is left out.
        auctions: the running or coming auction by lot.
        total: matching lots.
        facets: per field and value how many lots there are.
        bands: per number how many lots lie in each of its bands, in the order of `rules.bands`.
        loosened: no lot has all the words; these have some.
        generation: of the index that answered.
    """

    lots: list[Lot]
    auctions: Mapping[uuid.UUID, Auction]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    bands: Mapping[str, tuple[int, ...]]
    loosened: bool
    generation: str


def find(session: Session, question: Question, now: datetime) -> Page:
    """Answer a question as of `now`, whose zone says when a day begins.

    Raises:
        Refused: a prefix stands for too many words, or the search took too long.
        Unavailable: there is no index yet.
    """
    response, loosened = _ask(index.current(), question, now)
    lots, auctions = look_up(
        session, [uuid.UUID(hit.id) for hit in response.hits], question.chosen.get("status")
    )
    return Page(
        lots=lots,
        auctions=auctions,
        total=response.total - len(response.hits) + len(lots),
        facets=response.facets,
        bands=response.bands,
        loosened=loosened,
        generation=response.generation,
    )


def count(question: Question, now: datetime) -> int:
    """How many documents have all the words of a question. Raises as `find`."""
    with_one_hit = replace(request_for(question, now), bands={}, limit=1)
    return answer(index.current(), with_one_hit).total


def look_up(
    session: Session, ids: list[uuid.UUID], statuses: Collection[str] | None = None
) -> tuple[list[Lot], dict[uuid.UUID, Auction]]:
    """The lots found, in their order, that anybody may still see, with their open auctions.

    The index may be a second behind: with `statuses` a lot of another is left out.
    """
    found = {lot.id: lot for lot in queries.public_lots(session, ids)}
    lots = [found[lot_id] for lot_id in ids if lot_id in found]
    lots = [lot for lot in lots if not statuses or str(lot.status) in statuses]
    return lots, queries.open_auctions(session, [lot.id for lot in lots])


def _ask(engine: Engine, question: Question, now: datetime) -> tuple[Response, bool]:
    response = answer(engine, request_for(question, now))
    loose = not response.total and question.words.loose != question.words.strict
    if loose:
        response = answer(engine, request_for(question, now, loose=True))
    counted = {
        name: answer(engine, request).bands[name]
        for name, request in counting_requests(question, now, loose=loose).items()
    }
    return replace(response, bands={**response.bands, **counted}), loose


def answer(engine: Engine, request: Request) -> Response:
    """What the engine answers, with its troubles in words for whoever asked. Raises as `find`."""
    try:
        return engine.search(request)
    except TooBroad as broad:
        raise Refused(SearchReason.TOO_BROAD, "q", prefix=broad.args[0]) from None
    except TooSlow:
        raise Refused(SearchReason.TOO_SLOW, "q") from None
