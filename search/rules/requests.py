"""A question as a request to an engine, at a moment: bands of time are reckoned from it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from marketplace.money import MINOR_LIMIT
from search.engines import All, Between, Bounds, Either, Node, Request, Term
from search.parsing import parse
from search.prices import price_key
from search.rules.bands import bands_of
from search.rules.choices import BANDED, FACETS
from search.rules.question import ORDERS, Question


def request_for(question: Question, now: datetime, *, loose: bool = False) -> Request:
    """The request to an engine.

    Args:
        question: what is asked.
        now: when; its zone says when a day and a week begin.
        loose: ask for any of the words instead of all.
    """
    return _request(question, now, loose=loose, lifted="")


def counting_requests(question: Question, now: datetime, *, loose: bool = False) -> dict[str, Request]:
    """By number field what must be asked besides, so that the bands not chosen are counted too.

    An engine lifts a single range of a field by itself. Several bands are alternatives, which only the node
    can say, and nothing lifts the node.
    """
    _, alternatives = _restrictions(question, now)
    requests = {}
    for name in alternatives:
        request = _request(question, now, loose=loose, lifted=name)
        requests[name] = replace(request, bands={name: request.bands[name]}, offset=0, limit=1)
    return requests


def _request(question: Question, now: datetime, *, loose: bool, lifted: str) -> Request:
    ranges, alternatives = _restrictions(question, now)
    # Years of life are reckoned from the day of the request, also for a search that was saved long ago.
    words = parse(question.text, now.date()) if question.words.needs_day else question.words
    parts: list[Node] = [words.loose if loose else words.strict]
    if question.symbol:
        parts.append(Term("classes", question.symbol, 0.0))
    for name, accepted in alternatives.items():
        if name != lifted:
            parts.append(Either(tuple(Between(name, *bounds) for bounds in accepted)))
    return Request(
        node=parts[0] if len(parts) == 1 else All(tuple(parts)),
        filters={
            indexed: question.chosen[name] for name, (indexed, _) in FACETS.items() if name in question.chosen
        },
        ranges=ranges,
        bands={
            number: tuple(bands_of(name, question.currency, now).values())
            for name, (number, _) in BANDED.items()
        },
        sort=ORDERS[question.order],
        offset=(question.page - 1) * question.size,
        limit=question.size,
    )


def _restrictions(
    question: Question, now: datetime
) -> tuple[dict[str, Bounds], Mapping[str, Sequence[Bounds]]]:
    """What is asked of numbers: one range per field, and where there are several, the alternatives."""
    ranges: dict[str, Bounds] = {}
    if question.least_minor is not None or question.most_minor is not None:
        least = 0 if question.least_minor is None else question.least_minor
        most = MINOR_LIMIT - 1 if question.most_minor is None else question.most_minor
        ranges["price"] = (price_key(least, question.currency), price_key(most, question.currency))
    alternatives: dict[str, Sequence[Bounds]] = {}
    for name, (number, _) in BANDED.items():
        chosen = question.chosen.get(name, frozenset())
        accepted = [bounds for key, bounds in bands_of(name, question.currency, now).items() if key in chosen]
        if len(accepted) == 1 and number not in ranges:
            ranges[number] = accepted[0]
        elif accepted:
            alternatives[number] = accepted
    return ranges, alternatives
