"""How many documents of a query have each value of a facet, or lie in each band of numbers; all exact."""

# Tantivy's own types forget the count of a result.
# mypy: disable-error-code="attr-defined"

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from tantivy import Query, Schema, Searcher

from search.engines import Bounds
from search.engines.tantivy.building import between, every

_VALUES = 60_000
"""More values than a facet ever has; tantivy leaves out what lies behind."""

_END = 2**62
"""Above every number, and exact as a float."""


class Counting:
    """Counts in one state of the index."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def count(
        self, query: Query, names: Iterable[str], bands: Mapping[str, tuple[Bounds, ...]]
    ) -> tuple[dict[str, dict[str, int]], dict[str, tuple[int, ...]]]:
        """Per facet field the documents with each value, and per number field the documents in each band."""
        asked: dict[str, Any] = {
            name: {"terms": {"field": name, "size": _VALUES, "segment_size": _VALUES}} for name in names
        }
        edges = {name: _edges(wanted) for name, wanted in bands.items()}
        exact = {name: found for name, found in edges.items() if all(int(float(at)) == at for at in found)}
        for name, found in exact.items():
            ranges = [{"from": float(start), "to": float(end)} for start, end in pairwise(found)]
            asked[name] = {"range": {"field": name, "ranges": ranges}}
        answer = self._searcher.aggregate(query, asked) if asked else {}
        facets = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]} for name in names
        }
        counted = {
            name: _sums(wanted, answer[name]["buckets"])
            if name in exact
            else tuple(self._lying(query, name, bounds) for bounds in wanted)
            for name, wanted in bands.items()
        }
        return facets, counted

    def _lying(self, query: Query, name: str, bounds: Bounds) -> int:
        """Counted one band at a time: tantivy's own ranges have floats for bounds."""
        found = every([query, between(self._schema, name, bounds)])
        return int(self._searcher.search(found, 1).count)


def _edges(bands: tuple[Bounds, ...]) -> list[int]:
    """Where bands begin or end: between two neighbours every number lies in the same bands."""
    edges = {0, _END}
    for least, most in bands:
        edges.update({0 if least is None else least, _END if most is None else most + 1})
    return sorted(edge for edge in edges if 0 <= edge <= _END)


def _sums(bands: tuple[Bounds, ...], buckets: list[dict[str, Any]]) -> tuple[int, ...]:
    counts = {int(bucket["from"]): bucket["doc_count"] for bucket in buckets if "from" in bucket}
    return tuple(
        sum(
            count
            for start, count in counts.items()
            if (least is None or start >= least) and (most is None or start <= most)
        )
        for least, most in bands
    )
