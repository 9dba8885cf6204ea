"""The fields of the index: words that are ready, keys, and columns to filter and sort by."""

# Whoosh's types are partly missing; its own words here are few and under test.
# mypy: disable-error-code="no-untyped-call, attr-defined, arg-type"

from collections.abc import Generator
from typing import Any

from whoosh import columns, fields, formats
from whoosh.system import pack_uint

from search.engines import FACET_FIELDS, KEY_FIELDS, NUMBER_FIELDS, POSITION_FIELDS, TEXT_FIELDS, Document
from search.engines.arrays import MISSING


class WordField(fields.FieldType):
    """Words that are ready: no analyser. Positions are kept where phrases are looked for."""

    def __init__(self, *, positions: bool) -> None:
        self.positions = formats.Positions() if positions else None
        super().__init__(self.positions or formats.Frequency(), None, scorable=True)

    def index(self, value: Any, **_options: Any) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        places: dict[str, list[int]] = {}
        for word, place in value:
            places.setdefault(word, []).append(place)
        for word, found in places.items():
            count = len(found)
            posting = self.positions.encode(sorted(found)) if self.positions else pack_uint(count)
            yield word.encode(), count, float(count), posting


class KeyField(fields.FieldType):
    """Keys that a document has or has not."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None, scorable=False)

    def index(self, value: Any, **_options: Any) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        yield from ((key.encode(), 1, 1.0, b"") for key in value)


def schema() -> fields.Schema:
    """The schema of a new index."""
    made = fields.Schema(id=fields.ID(unique=True, sortable=True), version=fields.COLUMN())
    for name in TEXT_FIELDS:
        made.add(name, WordField(positions=name in POSITION_FIELDS))
    for name in KEY_FIELDS:
        made.add(name, KeyField())
    for name in FACET_FIELDS:
        made.add(name, fields.COLUMN(columns.RefBytesColumn()))
    for name in NUMBER_FIELDS:
        made.add(name, fields.COLUMN(columns.NumericColumn("q", default=MISSING)))
    return made


def row(document: Document) -> dict[str, Any]:
    """A document as a writer takes it."""
    facets = {name: " ".join(sorted(document.facets.get(name, ()))).encode() for name in FACET_FIELDS}
    numbers = {name: document.numbers.get(name, MISSING) for name in NUMBER_FIELDS}
    return {
        "id": document.id,
        "version": document.version.encode(),
        **document.texts,
        **document.keys,
        **facets,
        **numbers,
    }
