"""What a lot is about, as a request for others like it: the words that tell most of it, and its classes."""

import math
from collections.abc import Collection, Mapping, Sequence

from search import keys
from search.engines import Either, Request, Term

WORDS = 25
"""The most words that are asked for."""

SYMBOLS = 5
"""The most classes that are asked for, the main ones first."""

_TITLE_WEIGHT = 2.0

# A shared class counts as much as a rare word or two, its main group and subclass as much as a common one.
_SYMBOL_BOOST, _ABOVE_BOOST = 10.0, 5.0


def telling_words(
    counts: Mapping[str, int], titled: Collection[str], frequencies: Mapping[str, int], total: int
) -> dict[str, float]:
    """The words that tell most of a lot, with how often it says them as a weight.

    Args:
        counts: how often each word stands in the lot.
        titled: the words of its titles, which count twice.
        frequencies: how many lots have each word. What only this lot has finds no other.
        total: lots in all.
    """
    said = {
        word: (1 + math.log(count)) * (_TITLE_WEIGHT if word in titled else 1.0)
        for word, count in counts.items()
        if frequencies.get(word, 0) > 1
    }
    telling = {word: weight * math.log(1 + total / frequencies[word]) for word, weight in said.items()}
    best = sorted(telling, key=lambda word: (-telling[word], word))[:WORDS]
    return {word: said[word] for word in best}


def like_request(words: Mapping[str, float], symbols: Sequence[str], limit: int) -> Request | None:
    """A request for the lots that share most; None for a lot of which nothing can be shared.

    `symbols` are keys of classes, the main one first.
    """
    classes: dict[str, float] = {}
    for symbol in symbols[:SYMBOLS]:
        above = {symbol[:4], symbol.split("/")[0]} & keys.class_keys(symbol)
        classes |= {key: _ABOVE_BOOST for key in sorted(above) if key not in classes}
        classes[symbol] = _SYMBOL_BOOST
    parts = [Term("words", word, weight) for word, weight in words.items()]
    parts += [Term("classes", key, boost) for key, boost in classes.items()]
    return Request(node=Either(tuple(parts)), limit=limit) if parts else None
