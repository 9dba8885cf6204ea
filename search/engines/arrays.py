"""Filters, facets, order and totals over numpy arrays, for engines that number their documents from 0."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.engines import (
    FACET_FIELDS,
    All,
    Either,
    Everything,
    Hit,
    Leaf,
    Node,
    Request,
    Response,
    Sort,
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
class Table:
    """One state of an index, a row per document number.

    Attributes:
        alive: which rows are not deleted.
        facets: per field and value the rows that have it. numbers: per field, MISSING where a row has none.
        rank: position of each row in the order of ids, which breaks ties.
    """

    ids: list[str]
    versions: list[str]
    alive: Mask
    facets: Mapping[str, Mapping[str, Mask]]
    numbers: Mapping[str, npt.NDArray[np.int64]]
    rank: Numbers

    def answer(self, request: Request, leaf: Callable[[Leaf], Found], generation: str) -> Response:
        """Search: `leaf` finds single words, everything else happens here."""
        found = self.evaluate(request.node, leaf)
        within = found.mask & self.alive & self._ranges(request)
        passed = {name: self._any_of(name, accepted) for name, accepted in request.filters.items()}
        chosen = _all_of(within, passed)
        rows = np.flatnonzero(chosen)
        scores = np.round(found.scores[rows], 6)
        order = self._order(rows, scores, request.sort)[request.offset : request.offset + request.limit]
        return Response(
            total=int(rows.size),
            hits=tuple(Hit(self.ids[rows[at]], float(scores[at])) for at in order),
            facets={name: self._count(name, _all_of(within, passed, name)) for name in FACET_FIELDS},
            generation=generation,
        )

    def evaluate(self, node: Node, leaf: Callable[[Leaf], Found]) -> Found:
        """The rows that match the node, deleted ones included."""
        match node:
            case Everything():
                return Found(np.ones(len(self.ids), bool), np.zeros(len(self.ids)))
            case Without(wanted, unwanted):
                kept, dropped = self.evaluate(wanted, leaf), self.evaluate(unwanted, leaf)
                mask = kept.mask & ~dropped.mask
                return Found(mask, np.where(mask, kept.scores, 0.0))
            case All(parts):
                found = [self.evaluate(part, leaf) for part in parts]
                mask = np.logical_and.reduce([part.mask for part in found])
                return Found(mask, np.where(mask, sum(part.scores for part in found), 0.0))
            case Either(parts):
                found = [self.evaluate(part, leaf) for part in parts]
                total = np.add.reduce([part.scores for part in found])
                return Found(np.logical_or.reduce([part.mask for part in found]), total)
            case _:
                return leaf(node)

    def _ranges(self, request: Request) -> Mask:
        mask = np.ones(len(self.ids), bool)
        for name, (least, most) in request.ranges.items():
            values = self.numbers[name]
            mask &= values != MISSING
            if least is not None:
                mask &= values >= least
            if most is not None:
                mask &= values <= most
        return mask

    def _any_of(self, name: str, accepted: frozenset[str]) -> Mask:
        mask = np.zeros(len(self.ids), bool)
        for value in accepted & self.facets[name].keys():
            mask |= self.facets[name][value]
        return mask

    def _count(self, name: str, mask: Mask) -> dict[str, int]:
        counts = {value: int((rows & mask).sum()) for value, rows in self.facets[name].items()}
        return {value: count for value, count in counts.items() if count}

    def _order(self, rows: Numbers, scores: Numbers, sort: Sort) -> Numbers:
        if sort.field is None:
            return np.lexsort((self.rank[rows], -scores))
        values = self.numbers[sort.field][rows]
        signed = -values if sort.descending else values
        return np.lexsort((self.rank[rows], signed, values == MISSING))


def _all_of(within: Mask, passed: Mapping[str, Mask], lifted: str = "") -> Mask:
    masks = [mask for name, mask in passed.items() if name != lifted]
    for mask in masks:
        within = within & mask
    return within
