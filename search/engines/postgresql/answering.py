"""A request as a statement that finds and counts; what is ordered by score gets its page afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from search.engines import FACET_FIELDS, Request
from search.engines.postgresql.compiling import Compiler, Parameters, number_column
from search.engines.postgresql.tables import BUNDLES, SEPARATOR, Tables, bundle_of


@dataclass(frozen=True, slots=True)
class Question:
    """A statement and its values; `indexed` when it asks the inverted index."""

    statement: str
    values: Mapping[str, Any]
    indexed: bool


@dataclass(slots=True)
class _Writer:
    request: Request
    tables: Tables
    scored: bool
    parameters: Parameters = field(default_factory=Parameters)

    def statement(self) -> str:
        request, compiler = self.request, Compiler(self.tables.documents, self.parameters)
        lifted = {name: compiler.within(name, request.ranges[name]) for name in self._lifted_ranges()}
        passes = {f"of_{name}": self._accepted(name) for name in request.filters}
        passes |= {f"in_{name}": condition for name, condition in lifted.items()}
        fixed = [compiler.within(name, ends) for name, ends in request.ranges.items() if name not in lifted]
        columns = ["d.number", "d.id", *(f"d.bundle_{number}" for number in range(len(BUNDLES)))]
        columns += [f"d.{number_column(name)}" for name in sorted({*self._sorted_by(), *request.bands})]
        columns += [f"({condition}) AS {name}" for name, condition in passes.items()]
        where = " AND ".join([compiler.where(request.node), *fixed])
        matched = f"SELECT {', '.join(columns)} FROM {self.tables.documents} d WHERE {where}"
        if len(passes) > 1:
            # Whoever fails two of them is counted nowhere.
            few = " + ".join(f"{name}::int" for name in passes)
            matched = f"SELECT * FROM ({matched}) AS tried WHERE {few} >= {len(passes) - 1}"
        return f"""
            WITH matched AS MATERIALIZED ({matched}),
            chosen AS NOT MATERIALIZED (SELECT * FROM matched WHERE {_and(passes)})
            SELECT tallied.total, {"tallied.numbers" if self.scored else self._page()},
                {self._counts(passes)}, tallied.bands
            FROM ({self._tallied(passes)}) AS tallied
        """

    def _lifted_ranges(self) -> list[str]:
        return [name for name in self.request.ranges if name in self.request.bands]

    def _sorted_by(self) -> list[str]:
        return [self.request.sort.field] if self.request.sort.field is not None else []

    def _accepted(self, name: str) -> str:
        number = bundle_of(name)
        values = [name + SEPARATOR + value for value in self.request.filters[name]]
        return (
            f"d.bundle_{number} IN (SELECT id FROM {self.tables.sets} WHERE bundle = {number}"
            f" AND content && {self.parameters.add(values)}::text[])"
        )

    def _order(self) -> str:
        sort = self.request.sort
        if sort.field is None:
            return "id"
        return f"{number_column(sort.field)} {'DESC' if sort.descending else 'ASC'} NULLS LAST, id"

    def _page(self) -> str:
        """The ids of the page, where scores do not choose it."""
        offset, limit, order = int(self.request.offset), int(self.request.limit), self._order()
        page = f"SELECT * FROM chosen ORDER BY {order} OFFSET {offset} LIMIT {limit}"
        return f"(SELECT array_agg(id ORDER BY {order}) FROM ({page}) AS page)"

    def _tallied(self, passes: Mapping[str, str]) -> str:
        """In one pass how many are chosen, which ones, and how many of each band."""
        numbers = f"array_agg(number) FILTER (WHERE {_and(passes)})" if self.scored else "NULL"
        return f"""
            SELECT count(*) FILTER (WHERE {_and(passes)}) AS total, {numbers} AS numbers,
                ARRAY[{", ".join(self._bands(passes))}]::bigint[] AS bands
            FROM matched"""

    def _counts(self, passes: Mapping[str, str]) -> str:
        """Per facet value the lots that have it: of those chosen, and of those with one filter lifted."""
        every = ", ".join(f"(bundle_{number})" for number in range(len(BUNDLES)))
        bundle = f"coalesce({', '.join(f'bundle_{number}' for number in range(len(BUNDLES)))})"
        selects = [self._count("chosen", "true", bundle, f"GROUPING SETS ({every})")]
        for name in self.request.filters:
            column = f"bundle_{bundle_of(name)}"
            selects.append(self._count("matched", _and(passes, but=f"of_{name}"), column, column))
        return f"ARRAY[{', '.join(selects)}]::json[]"

    def _count(self, source: str, condition: str, bundle: str, group: str) -> str:
        return f"""(SELECT json_object_agg(value, lots) FROM (
            SELECT value, sum(lots) AS lots FROM (
                SELECT {bundle} AS bundle, count(*) AS lots FROM {source} WHERE {condition} GROUP BY {group}
            ) AS counted JOIN {self.tables.sets} AS s ON s.id = counted.bundle, unnest(s.content) AS value
            GROUP BY value) AS summed)"""

    def _bands(self, passes: Mapping[str, str]) -> Iterable[str]:
        compiler = Compiler(self.tables.documents, self.parameters)
        for name, bands in self.request.bands.items():
            others = _and(passes, but=f"in_{name}")
            for bounds in bands:
                yield f"count(*) FILTER (WHERE {compiler.within(name, bounds, of='')} AND {others})"


def question(request: Request, tables: Tables, *, scored: bool) -> Question:
    """The statement for a request; `scored` when scores choose the page."""
    writer = _Writer(request, tables, scored)
    statement = writer.statement()
    return Question(statement, writer.parameters.values, "d.marks @@" in statement)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the statement answers.

    Attributes:
        found: the ids of the page, or the numbers of all that match where scores choose the page.
    """

    total: int
    found: Sequence[Any]
    facets: Mapping[str, Mapping[str, int]]
    bands: Mapping[str, tuple[int, ...]]


def answer(row: Sequence[Any], request: Request) -> Answer:
    """Read the row that answers the statement."""
    total, found, counts, bands = row
    facets = _by_field(counts[0])
    for name, lifted in zip(request.filters, counts[1:], strict=True):
        facets[name] = _by_field(lifted)[name]
    remaining = iter(bands)
    by_name = {name: tuple(next(remaining) for _ in asked) for name, asked in request.bands.items()}
    return Answer(total, found or (), facets, by_name)


def _by_field(counts: Mapping[str, int] | None) -> dict[str, dict[str, int]]:
    facets: dict[str, dict[str, int]] = {name: {} for name in FACET_FIELDS}
    for packed, count in (counts or {}).items():
        name, value = packed.split(SEPARATOR, 1)
        facets[name][value] = count
    return facets


def _and(passes: Mapping[str, str], but: str = "") -> str:
    return " AND ".join(name for name in passes if name != but) or "true"
