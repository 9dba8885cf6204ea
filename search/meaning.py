"""What a word of a query means: the nodes that find it, strictly and loosely."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.analysis import (
    FUNCTION_WORDS,
    Run,
    chinese_words,
    fold,
    overlapping_words,
    pairs,
    runs,
    stem,
    synonyms,
)
from search.engines import All, Either, Everything, Node, Phrase, Term, Without

TITLE = 0.8
"""What a word in a title adds to the same word anywhere, as tried on judged English papers."""


SYNONYM = 0.4
"""What a synonym is worth beside the word itself."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one term of a query finds.

    Attributes:
        strict: the term whole. loose: any part of it. marks: see `parsing.Words`.
        idle: it holds function words only.
        least: what a lot must have of it to be found loosely, where that is more than `loose`.
    """

    strict: Node
    loose: Node
    marks: tuple[str, ...] = ()
    idle: bool = False
    least: Node | None = None

    @property
    def needed(self) -> Node:
        """What a lot must have of the term to be found loosely."""
        return self.least or self.loose


def loosely(meant: Sequence[Meaning]) -> Node:
    """Any part of any term; but a lot with single characters of longer words only is not meant."""
    loose, needed = any_of([one.loose for one in meant]), any_of([one.needed for one in meant])
    return loose if needed == loose else All((_unscored(needed), loose))


def plain(text: str, *, widely: bool = False) -> Meaning:
    """A text as words and nothing else: all of them, or loosely any; an empty one means everything.

    "the", "的" and the like only count when there is nothing else to look for. `widely` also finds what means
    the same to a searcher.
    """
    found = list(runs(text))
    parts = [chinese(run.text, widely=widely) if run.unspaced else spaced(run) for run in found]
    wanted = [part for part in parts if not part.idle] or parts
    whole = Meaning(
        all_of([part.strict for part in wanted]),
        any_of([part.loose for part in wanted]),
        tuple(dict.fromkeys(mark for part in wanted for mark in part.marks)),
        idle=all(part.idle for part in parts),
        least=any_of([part.needed for part in wanted]),
    )
    # A single run of Chinese was widened with its words.
    alone = len(found) == 1 and found[0].unspaced
    return _wider(whole, text) if widely and not alone else whole


def spaced(run: Run) -> Meaning:
    """A word as written or with the same stem, best in a title."""
    root, written = stem(run.text), Term("grams", run.text, 0.5)
    idle = run.text in FUNCTION_WORDS
    by_stem: list[Node] = [] if idle else [Term("words", root), Term("title", root, TITLE)]
    found = any_of([written, *by_stem])
    return Meaning(found, found, () if idle else (root,), idle=idle)


def chinese(run: str, *, widely: bool = False) -> Meaning:
    """A run of Chinese: as it stands, or all its words; loosely anything of it."""
    if len(run) == 1:
        lone = Term("characters", run)
        whole = Meaning(lone, lone, (run,), idle=run in FUNCTION_WORDS)
        return _wider(whole, run) if widely else whole
    words = [_chinese_word(word) for word in chinese_words(run)]
    others = [other.loose for word in words for other in _others(word.marks[0])] if widely else []
    if widely:
        words = [_wider(word, word.marks[0]) for word in words]
    whole = Meaning(
        any_of([Phrase(tuple(pairs(run))), all_of([word.strict for word in words])]),
        any_of([*_traces(run), *others]),
        tuple(dict.fromkeys([run, *(mark for word in words for mark in word.marks if len(mark) > 1)])),
        idle=run in FUNCTION_WORDS,
        least=any_of([*_parts(run), *others]),
    )
    return _wider(whole, run) if widely and len(words) > 1 else whole


def _traces(run: str) -> list[Node]:
    """Anything of a run: tried on 2,000 titles against their abstracts, these rank best together."""
    return [*_parts(run), *(Term("characters", character, 0.7) for character in dict.fromkeys(run))]


def _parts(run: str) -> list[Node]:
    words = dict.fromkeys(overlapping_words(run))
    return [
        *(Term("grams", pair) for pair in dict.fromkeys(pairs(run))),
        *(Term("words", word, 0.5) for word in words),
        *(Term("title", word, TITLE) for word in words),
    ]


def _wider(meant: Meaning, text: str) -> Meaning:
    """With what means the same as the text."""
    others = _others(text)
    return replace(
        meant,
        strict=any_of([meant.strict, *(other.strict for other in others)]),
        loose=any_of([meant.loose, *(other.loose for other in others)]),
        least=any_of([meant.needed, *(other.loose for other in others)]),
        marks=tuple(dict.fromkeys([*meant.marks, *(mark for other in others for mark in other.marks)])),
    )


def _others(text: str) -> list[Meaning]:
    """The synonyms of a text; those it is a part of are found by it already."""
    return [_synonym(other) for other in synonyms(text) if fold(text) not in other]


def _synonym(text: str) -> Meaning:
    """A synonym as a whole: Chinese in one piece, English by its stems."""
    nodes: list[Node] = []
    marks: list[str] = []
    for run in runs(text):
        if run.unspaced:
            phrase = Phrase(tuple(pairs(run.text)), SYNONYM)
            nodes.append(phrase if len(run.text) > 1 else Term("characters", run.text, SYNONYM))
            marks.append(run.text)
        elif run.text not in FUNCTION_WORDS:
            nodes.append(Term("words", stem(run.text), SYNONYM))
            marks.append(stem(run.text))
    return Meaning(all_of(nodes), all_of(nodes), tuple(marks))


def _chinese_word(word: str) -> Meaning:
    """A dictionary word; one of a single character wherever the character stands, cut or not."""
    parts: list[Node] = [Term("words", word), Term("title", word, TITLE)]
    found = any_of([*parts, Term("characters", word, 0.2)] if len(word) == 1 else parts)
    return Meaning(found, found, (word,))


def _unscored(node: Node) -> Node:
    match node:
        case All(parts):
            return All(tuple(map(_unscored, parts)))
        case Either(parts):
            return Either(tuple(map(_unscored, parts)))
        case Term() | Phrase():
            return replace(node, boost=0.0)
    return node


def all_of(parts: list[Node]) -> Node:
    """Every part must match; no parts match everything."""
    if not parts:
        return Everything()
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def any_of(parts: list[Node]) -> Node:
    """One part must match; no parts match everything."""
    if not parts:
        return Everything()
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def without(wanted: Node, unwanted: tuple[Node, ...]) -> Node:
    """What matches `wanted` and none of `unwanted`."""
    return Without(wanted, any_of(list(unwanted))) if unwanted else wanted
