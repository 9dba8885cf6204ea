"""Words as PostgreSQL's tsvector keeps them; nothing here is ever analysed by PostgreSQL itself.

A mark is a letter for the field, the word, a control character and a letter for its level: how much the word
says about the document by BM25, in LEVELS steps. So the index of what documents hold also ranks them.
Positions are kept apart, one vector per field.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate, product

from search.engines import FACET_FIELDS, KEY_FIELDS, PHRASE_FIELD, TEXT_FIELDS, Document, Tokens

LETTERS = dict(zip((*TEXT_FIELDS, *KEY_FIELDS, *FACET_FIELDS), "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False))
LEVELS = "abcdefghijklmnop"
END = "\x01"
PAIR, TRIPLE = "2", "3"
BETWEEN = "\x02"

# Limits of a tsvector. What lies beyond is not found: by a phrase for the first two, at all for the others.
POSITION_LIMIT = 16_383
PLACES_LIMIT = 255
VECTOR_BYTES = 900_000
# A longer word keeps its beginning and gets a digest, so that it is still told from all others.
WORD_BYTES = 800

_SURELY_SHORT = WORD_BYTES // 4
_NOT_STORED = {0: "\ufffd", 1: "\ufffd", 2: "\ufffd"}
_K1, _B = 1.2, 0.75
_HIGHEST = _K1 + 1
_FIRST_IDEOGRAPH = "\u3400"


def bounded(word: str) -> str:
    """The word as it is stored: not too long, without NUL, which no text here can hold, END and BETWEEN."""
    if len(word) <= _SURELY_SHORT and word.isprintable():
        return word
    word = word.translate(_NOT_STORED)
    written = word.encode()
    if len(written) <= WORD_BYTES:
        return word
    return written[:WORD_BYTES].decode(errors="ignore") + hashlib.sha256(written).hexdigest()


def lexeme(field: str, word: str) -> str:
    """The word of a field, without its level."""
    return LETTERS[field] + bounded(word)


def lexeme_of(mark: str) -> str:
    """A mark without END and its level."""
    return mark[:-2]


def pair(first: str, second: str) -> str:
    """Two words one after the other in PHRASE_FIELD: so most phrases need no look at positions."""
    return PAIR + bounded(first) + BETWEEN + bounded(second)


def triple(first: str, second: str, third: str) -> str:
    """Three Chinese words one after another, mostly pairs of characters that are four together."""
    return TRIPLE + BETWEEN.join((bounded(first), bounded(second), bounded(third)))


def in_triples(*words: str) -> bool:
    """Whether each three of these words that follow one another are in the index as a triple."""
    return all(word[:1] >= _FIRST_IDEOGRAPH for word in words)


def quoted(text: str, suffix: str = "") -> str:
    """A lexeme as both tsvector and tsquery read it, whatever is in it."""
    if "'" in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'{suffix}"


def any_level(text: str) -> str:
    """A tsquery for the marks of a lexeme at every level."""
    return quoted(text + END, ":*")


def impact(level: int) -> float:
    """What stands at this level for BM25's share of frequency and length."""
    return (level + 0.5) * _HIGHEST / len(LEVELS)


def level(count: int, length: int, average: float) -> str:
    """The level of a word that a text of `length` words has `count` times."""
    share = 1 / (1 + _K1 * (1 - _B + _B * length / average) / count)
    return LEVELS[min(len(LEVELS) - 1, int(share * len(LEVELS)))]


def marks(document: Document, averages: Mapping[str, float]) -> list[str]:
    """The marks of a document, keys and facets first, as many as a vector can hold."""
    found = [lexeme(name, key) + END + LEVELS[0] for name, keys in _keys(document) for key in sorted(keys)]
    for name in reversed(TEXT_FIELDS):
        tokens, letter = document.texts.get(name, ()), LETTERS[name]
        counts = Counter([word for word, _ in tokens])
        ends = {count: END + level(count, len(tokens), averages[name]) for count in set(counts.values())}
        found.extend([letter + bounded(word) + ends[count] for word, count in counts.items()])
    found.extend(
        [held + END + LEVELS[0] for held in sorted(_neighbours(document.texts.get(PHRASE_FIELD, ())))]
    )
    return _within(found)


def _neighbours(tokens: Tokens) -> set[str]:
    """The pairs and triples; of several words at one place each has each of the next place as neighbour."""
    at: defaultdict[int, list[str]] = defaultdict(list)
    for word, place in tokens:
        at[place].append(word)
    found = set()
    for place, words in list(at.items()):
        for first, second in product(words, at.get(place + 1, ())):
            found.add(pair(first, second))
            if in_triples(first, second):
                thirds = filter(in_triples, at.get(place + 2, ()))
                found.update(triple(first, second, third) for third in thirds)
    return found


def _keys(document: Document) -> Iterable[tuple[str, frozenset[str]]]:
    for name in KEY_FIELDS:
        yield name, document.keys.get(name, frozenset())
    for name in FACET_FIELDS:
        yield name, document.facets.get(name, frozenset())


def _within(found: list[str]) -> list[str]:
    if 4 * sum(map(len, found)) <= VECTOR_BYTES:
        return found
    held = accumulate(len(mark.encode()) for mark in found)
    return [mark for mark, size in zip(found, held, strict=True) if size <= VECTOR_BYTES]


def vector(lexemes: Iterable[str]) -> str:
    """A tsvector without positions."""
    return " ".join(map(quoted, lexemes))


def placed_vector(tokens: Tokens) -> str:
    """A tsvector of words with their positions, which count from 1 there."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    room = VECTOR_BYTES
    for word, place in tokens:
        room -= 8 + 4 * len(word)
        if place >= POSITION_LIMIT or room < 0:
            break
        places[word].append(str(place + 1))
    return " ".join([quoted(bounded(word), ":" + ",".join(at[:PLACES_LIMIT])) for word, at in places.items()])
