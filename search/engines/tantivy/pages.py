"""The documents of one page, in an order that is the same whatever segments they lie in.

Tantivy breaks ties by the place of a document in the index. Here the id breaks them: documents with equal
scores are fetched all, and of documents with an equal number those on the page are asked for by id.
"""

# Tantivy's own types forget the count of a result.
# mypy: disable-error-code="attr-defined"

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise

from tantivy import DocAddress, Order, Query, Schema, Searcher

from search.engines import (
    TEXT_FIELDS,
    All,
    Between,
    Either,
    Everything,
    Hit,
    Node,
    Prefix,
    Request,
    Term,
    Without,
)
from search.engines.tantivy.building import every, having
from search.engines.tantivy.writing import ORDER_FIELD

DIGITS = 5
"""So many digits of two scores must be alike to count as equal: tantivy adds in single precision."""

_MARGIN = 30
"""Hits fetched beyond the page, among which its last tie mostly ends."""


def constant(node: Node) -> float | None:
    """The score of every document that matches, where that is known beforehand."""
    match node:
        case Everything() | Between():
            return 0.0
        case Term(name, boost=boost) if name not in TEXT_FIELDS:
            return boost
        case Prefix(boost=boost):
            return boost
        case Without(wanted) | Either((wanted,)):
            return constant(wanted)
        case All(parts):
            scores = [score for part in parts if (score := constant(part)) is not None]
            return sum(scores) if len(scores) == len(parts) else None
    return None


class Pages:
    """Reads pages of one state of the index."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def read(self, query: Query, request: Request) -> tuple[int, list[Hit]]:
        """The number of documents of the query, and those on the page that the request asks for."""
        score = constant(request.node)
        if not request.limit:
            return self._searcher.search(query, 1).count, []
        last = request.offset + request.limit
        if request.sort.field is not None:
            order = Order.Desc if request.sort.descending else Order.Asc
            total, ids = self._by_number(query, request.sort.field, order, request.offset, last)
            return total, [Hit(found, 0.0) for found in ids]
        if score is None:
            return self._by_score(query, request.offset, last)
        total, ids = self._by_id(query, request.offset, last)
        return total, [Hit(found, score) for found in ids]

    def _by_score(self, query: Query, start: int, last: int) -> tuple[int, list[Hit]]:
        wanted = last + _MARGIN
        found = self._searcher.search(query, wanted)
        total, hits = found.count, found.hits
        scores = [_rounded(score) for score, _ in hits]
        while last <= len(hits) < total and scores[-1] == scores[last - 1]:
            wanted *= 4
            hits = self._searcher.search(query, wanted, count=False).hits
            scores = [_rounded(score) for score, _ in hits]
        ids = self._settled(scores, [address for _, address in hits], start, last)
        return total, [Hit(found, score) for found, score in zip(ids, scores[start:], strict=False)]

    def _by_id(self, query: Query, start: int, last: int) -> tuple[int, list[str]]:
        return self._by_number(query, ORDER_FIELD, Order.Asc, start, last)

    def _by_number(
        self, query: Query, name: str, order: Order, start: int, last: int
    ) -> tuple[int, list[str]]:
        found = self._searcher.search(query, last + 1, order_by_field=name, order=order)
        hits = found.hits
        # The documents with the number that the page ends with may go on behind it: they are asked for by id.
        cut = len(hits)
        if cut > last and hits[last][0] == hits[last - 1][0]:
            cut = next(at for at, (number, _) in enumerate(hits) if number == hits[last][0])
        numbers, addresses = [number for number, _ in hits[:cut]], [address for _, address in hits[:cut]]
        ids = self._settled(numbers, addresses, start, last)
        if cut < min(last, len(hits)):
            same = every([query, having(self._schema, name, hits[last][0])])
            begin = max(start, cut) - cut
            by_id = self._by_whole_id if name == ORDER_FIELD else self._by_id
            ids += by_id(same, begin, last - cut)[1]
        return found.count, ids

    def _by_whole_id(self, query: Query, start: int, last: int) -> tuple[int, list[str]]:
        """Slow for many documents: tantivy reads the id of each that it keeps."""
        found = self._searcher.search(query, last - start, offset=start, order_by_field="id", order=Order.Asc)
        return found.count, [each for each, _ in found.hits]

    def _settled(
        self, values: Sequence[float | None], addresses: list[DocAddress], start: int, last: int
    ) -> list[str]:
        """The ids from `start` to `last` of documents in order of their values, equal ones by id."""
        if start >= len(values):
            return []
        groups = list(accumulate((one != other for one, other in pairwise(values)), initial=0))
        first = bisect_left(groups, groups[start])
        letters = self._searcher.fast_field_values(ORDER_FIELD, addresses[first:])
        keys = list(zip(groups[first:], (letter or 0 for letter in letters), addresses[first:], strict=True))
        shared = Counter((group, letter) for group, letter, _ in keys)
        keys.sort(key=lambda key: (key[0], key[1], self._id(key[2]) if shared[key[0], key[1]] > 1 else ""))
        return [self._id(address) for _, _, address in keys[start - first : last - first]]

    def _id(self, address: DocAddress) -> str:
        return str(self._searcher.doc(address)["id"][0])


def _rounded(score: float) -> float:
    return float(f"{score:.{DIGITS}g}")
