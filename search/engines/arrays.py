"""Filters, facets, bands, order and totals over numpy arrays, for engines that number documents from 0."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines import (
    FACET_FIELDS,
    All,
    Between,
    Bounds,
    Either,
    Everything,
    Hit,
    Leaf,
    Node,
    Request,
    Response,
    Sort,
    Term,
    Without,
)

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]

MISSING = -1


@dataclass(frozen=True, slots=True)
class Found:
    """The documents that match, as a mask, and the score of each (0 where it does not match)."""

    mask: Mask
    scores: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one facet field: document `rows[at]` has `values[codes[at]]`."""

    values: list[str]
    rows: npt.NDArray[np.int32]
    codes: npt.NDArray[np.int32]

    @classmethod
    def of(cls, each: Iterable[Iterable[str]]) -> "Facet":
        """Of the values of each document in turn."""
        known: dict[str, int] = {}
        pairs = [(row, known.setdefault(value, len(known))) for row, has in enumerate(each) for value in has]
        placed = np.array(pairs, np.int32).reshape(-1, 2)
        return cls(list(known), placed[:, 0].copy(), placed[:, 1].copy())

    def having(self, accepted: Iterable[str], count: int) -> Mask:
        """Which of `count` documents have any of the values."""
        wanted = set(accepted)
        codes = np.array([value in wanted for value in self.values], bool)
        mask = np.zeros(count, bool)
        mask[self.rows[codes[self.codes]]] = True
        return mask

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many documents of the mask have each value; values that none has are left out."""
        counted = np.bincount(self.codes[mask[self.rows]], minlength=len(self.values))
        return {self.values[code]: int(counted[code]) for code in np.flatnonzero(counted)}


@dataclass(frozen=True, slots=True)
class Table:
    """One state of an index, a row per document number.

    Attributes:
        alive: which rows are not deleted.
        numbers: per field, MISSING where a row has none.
        rank: position of each row in the order of ids, which breaks ties.
    """

    ids: list[str]
    versions: list[str]
    alive: Mask
    facets: Mapping[str, Facet]
    numbers: Mapping[str, npt.NDArray[np.int64]]
    rank: Numbers

    def answer(self, request: Request, leaf: Callable[[Leaf], Found], generation: str) -> Response:
        """Search: `leaf` finds single words, everything else happens here; may raise what `leaf` raises."""
        found = self.evaluate(request.node, leaf)
        within = found.mask & self.alive
        limits = {name: self._having(name, accepted) for name, accepted in request.filters.items()}
        limits |= {name: self._lying(name, bounds) for name, bounds in request.ranges.items()}
        rows = np.flatnonzero(_all_of(within, limits))
        scores = np.zeros(rows.size) if request.sort.field else np.round(found.scores[rows], 6)
        order = self._order(rows, scores, request.sort)[request.offset : request.offset + request.limit]
        return Response(
            total=int(rows.size),
            hits=tuple(Hit(self.ids[rows[at]], float(scores[at])) for at in order),
            facets={name: self.facets[name].counts(_all_of(within, limits, name)) for name in FACET_FIELDS},
            generation=generation,
            bands={
                name: self._count_bands(_all_of(within, limits, name), name, wanted)
                for name, wanted in request.bands.items()
            },
        )

    def evaluate(self, node: Node, leaf: Callable[[Leaf], Found]) -> Found:
        """The rows that match the node, deleted ones included."""
        match node:
            case Everything():
                return _evenly(np.ones(len(self.ids), bool), 0.0)
            case Between(name, least, most):
                return _evenly(self._lying(name, (least, most)), 0.0)
            case Term(name, text, boost) if name in FACET_FIELDS:
                return _evenly(self._having(name, [text]), boost)
            case Without(wanted, unwanted):
                kept, dropped = self.evaluate(wanted, leaf), self.evaluate(unwanted, leaf)
                return _within(kept.mask & ~dropped.mask, kept.scores)
            case All(parts) | Either(parts):
                found = [self.evaluate(part, leaf) for part in parts]
                start = isinstance(node, All)
                mask = reduce(
                    np.logical_and if start else np.logical_or,
                    [part.mask for part in found],
                    np.full(len(self.ids), start),
                )
                return _within(mask, sum((part.scores for part in found), np.zeros(len(self.ids))))
            case _:
                return leaf(node)

    def _having(self, name: str, accepted: Iterable[str]) -> Mask:
        return self.facets[name].having(accepted, len(self.ids))

    def _lying(self, name: str, bounds: Bounds) -> Mask:
        values, (least, most) = self.numbers[name], bounds
        mask = values >= (0 if least is None else least)
        return mask if most is None else mask & (values <= most)

    def _count_bands(self, mask: Mask, name: str, bands: Iterable[Bounds]) -> tuple[int, ...]:
        return tuple(int((mask & self._lying(name, bounds)).sum()) for bounds in bands)

    def _order(self, rows: Numbers, scores: Numbers, sort: Sort) -> Numbers:
        if sort.field is None:
            return np.lexsort((self.rank[rows], -scores))
        values = self.numbers[sort.field][rows]
        signed = -values if sort.descending else values
        return np.lexsort((self.rank[rows], signed, values == MISSING))


def _evenly(mask: Mask, score: float) -> Found:
    return Found(mask, np.where(mask, score, 0.0))


def _within(mask: Mask, scores: Numbers) -> Found:
    return Found(mask, np.where(mask, scores, 0.0))


def _all_of(within: Mask, limits: Mapping[str, Mask], lifted: str = "") -> Mask:
    return reduce(np.logical_and, [mask for name, mask in limits.items() if name != lifted], within)
