"""Words and phrases inside one part of a lot: its titles, abstracts, claims or applicants.

There an index keeps Chinese pairs, English words as written and beside each its stem, so a word finds its
other forms, and between quotation marks only itself. Single Chinese characters are not kept: one is found
where it begins a pair, that is anywhere but at the end of a run of Chinese.
"""

from search.analysis import pairs, stem
from search.engines import Node, Phrase, Prefix, Term
from search.language import terms
from search.language.places import Piece
from search.language.tree import Quoted, Word
from search.meaning import Meaning, all_of, any_of

_AS_WRITTEN = 0.5


def word(leaf: Piece, name: str) -> Meaning:
    """A word in a text field of the index, in any of its forms; written together, its parts stand together.

    Raises:
        Refused: a star stands where none may, or behind too little.
    """
    if "*" in leaf.text:
        text, unspaced = terms.beginning(leaf)
        found = _stretch(tuple(pairs(text)), name) if unspaced else Prefix(text, field=name)
        return terms.exactly(found, (text if unspaced else f"{text}*",))
    parts = [part for stretch in terms.stretches(leaf.text) for part in _without_lone(stretch)]
    return terms.exactly(all_of([_stretch(part, name) for part in parts]), terms.marks_of(leaf.text))


def phrase(leaf: Quoted, name: str) -> Meaning:
    """Words as they stand in a text field of the index.

    Raises:
        Refused: there is a star among them.
    """
    found = terms.stretches(terms.quoted(leaf))
    nodes = [_one(part[0], name) if len(part) == 1 else Phrase(part, field=name) for part in found]
    return terms.exactly(all_of(nodes), terms.marks_of(leaf.text))


def forms(leaf: Piece, *, stemmed: bool) -> tuple[str, ...]:
    """The grams of a word or phrase in order, English words of a word by their stems or as written."""
    grams = tuple(gram for stretch in terms.stretches(leaf.text) for gram in stretch)
    return tuple(map(stem, grams)) if stemmed and isinstance(leaf, Word) else grams


def _without_lone(stretch: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Cut where a lone Chinese character stands beside a word, for no pair would be found there."""
    found: list[tuple[str, ...]] = [()]
    for gram in stretch:
        if terms.is_lone(gram):
            found += [(gram,), ()]
        else:
            found[-1] += (gram,)
    return [part for part in found if part]


def _stretch(grams: tuple[str, ...], name: str) -> Node:
    stems = tuple(map(stem, grams))
    if len(grams) > 1:
        return Phrase(stems, field=name)
    if stems == grams:
        return _one(grams[0], name)
    return any_of([Term(name, stems[0]), Term(name, grams[0], _AS_WRITTEN)])


def _one(gram: str, name: str) -> Node:
    return Prefix(gram, field=name) if terms.is_lone(gram) else Term(name, gram)
