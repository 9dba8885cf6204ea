"""A single word, number or phrase of a text, wherever in a lot it may stand."""

from search import keys
from search.analysis import fold, grams, pairs, runs, stem
from search.engines import Node, Phrase, Prefix, Term
from search.language.places import Piece, refused
from search.language.reasons import LanguageReason
from search.meaning import Meaning, all_of, any_of, plain
from search.reasons import SearchReason

PREFIX_LETTERS = 3
PREFIX_CHARACTERS = 2


def exactly(found: Node, marks: tuple[str, ...] = ()) -> Meaning:
    """What is never asked loosely."""
    return Meaning(found, found, marks)


def word(piece: Piece, *, widely: bool = False) -> Meaning:
    """A word with a letter or figure in it, or a star; a class symbol or a number means itself too.

    `widely` also finds what means the same to a searcher.

    Raises:
        Refused: a star stands where none may, or behind too little.
    """
    if "*" in piece.text:
        text, unspaced = beginning(piece)
        # Every text that goes on after a Chinese beginning holds that beginning whole.
        found = Phrase(tuple(pairs(text))) if unspaced else Prefix(text)
        return exactly(found, (text if unspaced else f"{text}*",))
    symbol = piece.text.upper().removesuffix("/LOW")
    if keys.is_class(symbol):
        return _or_key([Term("classes", keys.class_key(symbol), 3.0)], plain(piece.text))
    if numbers := keys.asked_numbers(piece.text):
        return _or_key([Term("numbers", number, 10.0) for number in numbers], plain(piece.text))
    return plain(piece.text, widely=widely)


def number(text: str) -> Meaning:
    """A number and nothing else."""
    return exactly(any_of([Term("numbers", key, 10.0) for key in keys.asked_numbers(text)]))


def beginning(piece: Piece) -> tuple[str, bool]:
    """What stands before a star, folded, and whether it is Chinese.

    Raises:
        Refused: the star stands before the word, inside it or beside punctuation, or behind too little.
    """
    if piece.text.startswith("*"):
        raise refused(LanguageReason.LEADING_WILDCARD, piece)
    found = list(runs(piece.text))
    if not piece.text.endswith("*") or len(found) != 1 or fold(piece.text[:-1]) != found[0].text:
        raise refused(SearchReason.WILDCARD_PLACE, piece)
    text, unspaced = found[0].text, found[0].unspaced
    if len(text) < (PREFIX_CHARACTERS if unspaced else PREFIX_LETTERS):
        limits = {"letters": PREFIX_LETTERS, "characters": PREFIX_CHARACTERS}
        raise refused(SearchReason.SHORT_PREFIX, piece, **limits)
    return text, unspaced


def phrase(piece: Piece) -> Meaning:
    """Words between quotation marks as they stand; where punctuation parts Chinese, stretch by stretch.

    Raises:
        Refused: there is a star among them.
    """
    found, marks = stretches(quoted(piece)), marks_of(piece.text)
    if len(found) == 1 and len(found[0]) == 1 and is_lone(found[0][0]):
        return exactly(Term("characters", found[0][0]), marks)
    return exactly(all_of([Phrase(stretch) for stretch in found]), marks)


def quoted(piece: Piece) -> str:
    """The text between quotation marks; raises Refused for a star in it."""
    if "*" in piece.text:
        raise refused(SearchReason.WILDCARD_PLACE, piece)
    return piece.text


def marks_of(text: str) -> tuple[str, ...]:
    """What of a text is highlighted."""
    return tuple(run.text if run.unspaced else stem(run.text) for run in runs(text))


def stretches(text: str) -> list[tuple[str, ...]]:
    """Words as written and Chinese pairs that stand one after another."""
    found: list[list[str]] = []
    last = -2
    for gram, place in grams(text):
        if place != last + 1:
            found.append([])
        found[-1].append(gram)
        last = place
    return [tuple(stretch) for stretch in found]


def is_lone(gram: str) -> bool:
    """Whether it is a single Chinese character, which an index keeps where no other stands beside it."""
    return len(gram) == 1 and next(runs(gram)).unspaced


def _or_key(found: list[Node], meant: Meaning) -> Meaning:
    return exactly(any_of([*found, meant.strict]), meant.marks)
