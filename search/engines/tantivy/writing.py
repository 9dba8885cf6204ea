"""The fields of the index, and a document as its writer takes it.

Words come ready, so no analyser of tantivy has a say: words that follow one another are handed over as one
text between spaces, which is fast. Tantivy leaves one position free between two texts of a field; so a gap
of n positions is n texts, all but the last empty, and neither lengths nor scores know of it. Stretches with
two words at one place are handed over word by word, with their places.
"""

from collections.abc import Iterator

import tantivy

from search.engines import (
    FACET_FIELDS,
    KEY_FIELDS,
    NUMBER_FIELDS,
    POSITION_FIELDS,
    TEXT_FIELDS,
    Document,
    Tokens,
)

ORDER_FIELD = "order"
"""The first letters of the id as a number, by which most ties are broken without reading the id."""

_ORDER_BYTES = 8

_LONGEST_GAP = 50
"""Words that stand further apart are handed over with their places."""


def schema() -> tantivy.Schema:
    """The schema of a new index."""
    made = tantivy.SchemaBuilder()
    for name in ("id", "version"):
        made.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    made.add_unsigned_field(ORDER_FIELD, fast=True)
    for name in TEXT_FIELDS:
        option = "position" if name in POSITION_FIELDS else "freq"
        made.add_text_field(name, tokenizer_name="whitespace", index_option=option)
    for name in KEY_FIELDS:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACET_FIELDS:
        made.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in NUMBER_FIELDS:
        made.add_integer_field(name, fast=True)
    return made.build()


def row(document: Document) -> tantivy.Document:
    """A document as a writer takes it."""
    made = tantivy.Document()
    made.add_text("id", document.id)
    made.add_text("version", document.version)
    made.add_unsigned(ORDER_FIELD, order(document.id))
    for name, tokens in document.texts.items():
        stretches = _stretches(tokens) if name in POSITION_FIELDS else [tokens]
        for stretch in stretches:
            _add(made, name, stretch)
    for name, values in [*document.keys.items(), *document.facets.items()]:
        for value in values:
            made.add_text(name, value)
    for name, number in document.numbers.items():
        made.add_integer(name, number)
    return made


def order(document_id: str) -> int:
    """A number that grows with the first letters of an id."""
    return int.from_bytes(document_id.encode()[:_ORDER_BYTES].ljust(_ORDER_BYTES, b"\0"), "big")


def _stretches(tokens: Tokens) -> Iterator[Tokens]:
    """The tokens cut at gaps; an empty stretch for every further position that a gap is long."""
    placed = sorted(tokens, key=lambda token: token[1])
    begin, expected = 0, placed[0][1] if placed else 0
    for at, (_, place) in enumerate(placed):
        if expected < place <= expected + _LONGEST_GAP:
            yield tuple(placed[begin:at])
            yield from [()] * (place - expected - 1)
            begin = at
        expected = place + 1
    yield tuple(placed[begin:])


def _add(made: tantivy.Document, name: str, stretch: Tokens) -> None:
    text = " ".join([word for word, _ in stretch])
    one_each = not stretch or stretch[-1][1] - stretch[0][1] == len(stretch) - 1
    if (one_each or name not in POSITION_FIELDS) and len(text.split()) == len(stretch):
        made.add_text(name, text)
    else:
        start = stretch[0][1]
        tokens = [tantivy.Token(word, place - start, 0, 0) for word, place in stretch]
        made.add_pre_tokenized_text(name, tantivy.PreTokenizedString("", tokens))
