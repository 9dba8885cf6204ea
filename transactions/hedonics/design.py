"""Observations as matrices: one column a term. Uses NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from transactions.hedonics import features
from transactions.hedonics.attributes import quarter
from transactions.hedonics.method import Method, Penalties
from transactions.hedonics.observations import Observation

Array = Any

# The constant is not drawn to nothing, but a matrix needs something on its diagonal.
_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Table:
    """All that is known of the observations, a row each; NaN is unknown.

    Attributes:
        quarters: −1 where there is no date.
        bids, starts: logarithms.
    """

    measures: Array
    marks: Array
    mark_names: tuple[str, ...]
    groups: Array
    group_names: tuple[str, ...]
    quarters: Array
    bids: Array
    starts: Array
    sold: Array


def table_of(observations: Sequence[Observation]) -> Table:
    """Every attribute of every observation; which columns a fit uses is decided by its rows."""
    measures = [list(features.measures(one.lot).values()) for one in observations]
    marks = [dict.fromkeys(features.marks(one.lot), 1.0) for one in observations]
    groups = [features.groups(one.lot) for one in observations]
    mark_names, group_names = _names(marks), _names(groups)
    return Table(
        measures=np.array(measures, dtype=float).reshape(len(measures), len(features.MEASURES)),
        marks=_spread(marks, mark_names),
        mark_names=mark_names,
        groups=_spread(groups, group_names),
        group_names=group_names,
        quarters=np.array([-1 if one.lot.on is None else quarter(one.lot.on) for one in observations]),
        bids=_logs([one.log_bid for one in observations]),
        starts=_logs([one.log_start for one in observations]),
        sold=np.array([one.sold for one in observations], dtype=bool),
    )


def _names(rows: list[dict[str, float]]) -> tuple[str, ...]:
    return tuple(sorted(set().union(*rows)))


def _spread(rows: list[dict[str, float]], names: tuple[str, ...]) -> Array:
    places = {name: place for place, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for row, values in enumerate(rows):
        for name, value in values.items():
            matrix[row, places[name]] = value
    return matrix


def _logs(values: list[float | None]) -> Array:
    return np.array([np.nan if value is None else value for value in values])


@dataclass(frozen=True, slots=True)
class Design:
    """The columns of one fit, chosen by the rows it is made from.

    Attributes:
        measures, unknown, marks, groups: places of the columns in the table. first, last: quarters.
        means, spreads: of each measure, by place.
        lots: of each group, by place.
    """

    measures: tuple[int, ...]
    unknown: tuple[int, ...]
    marks: tuple[int, ...]
    groups: tuple[int, ...]
    first: int
    last: int
    means: dict[int, float]
    spreads: dict[int, float]
    lots: dict[int, int]

    def matrix(self, table: Table, rows: Array) -> Array:
        """Constant, measures, unknown, marks, groups, steps: in this order."""
        raw = table.measures[rows]
        columns = [np.ones((len(rows), 1))]
        for place in self.measures:
            scaled = (raw[:, place] - self.means[place]) / self.spreads[place]
            columns.append(np.nan_to_num(scaled, nan=0.0)[:, None])
        columns.append(np.isnan(raw[:, list(self.unknown)]).astype(float))
        columns += [table.marks[np.ix_(rows, self.marks)], table.groups[np.ix_(rows, self.groups)]]
        steps = np.arange(self.first + 1, self.last + 1)
        columns.append((table.quarters[rows][:, None] >= steps[None, :]).astype(float))
        return np.hstack(columns)

    def penalties(self, penalties: Penalties) -> Array:
        """One a column."""
        terms = len(self.measures) + len(self.unknown) + len(self.marks)
        return np.concatenate(
            [
                [_NOTHING],
                np.full(terms, penalties.terms),
                np.full(len(self.groups), penalties.groups),
                np.full(self.last - self.first, penalties.steps),
            ]
        )


def design_of(table: Table, rows: Array, method: Method) -> Design:
    """Leave out what does not differ among the rows, and groups that too few of them share."""
    raw, known = table.measures[rows], ~np.isnan(table.measures[rows])
    means, spreads = {}, {}
    for place in range(raw.shape[1]):
        values = raw[known[:, place], place]
        if len(values) > 1 and values.std() > _NOTHING:
            means[place], spreads[place] = float(values.mean()), float(values.std())
    shares = table.marks[rows].mean(axis=0)
    lots = (table.groups[rows] > 0).sum(axis=0)
    dated = table.quarters[rows][table.quarters[rows] >= 0]
    return Design(
        measures=tuple(means),
        unknown=tuple(place for place in means if not known[:, place].all()),
        marks=tuple(int(place) for place in np.flatnonzero((shares > 0) & (shares < 1))),
        groups=tuple(int(place) for place in np.flatnonzero(lots >= method.least_group)),
        first=int(dated.min(initial=10**6)) if len(dated) else 0,
        last=int(dated.max(initial=0)) if len(dated) else 0,
        means=means,
        spreads=spreads,
        lots={place: int(count) for place, count in enumerate(lots) if count},
    )
