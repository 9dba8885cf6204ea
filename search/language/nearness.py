"""NEAR and ADJ: two words, phrases, or groups of them, near each other in one text.

In one field words are found in all their forms. Without a field the whole lot is looked through for the words
as written, and its titles, abstracts and claims for their other forms.
"""

from itertools import product

from search.engines import PHRASE_FIELD, Near, Node
from search.language import parts, terms
from search.language.places import Piece, refused
from search.language.reasons import LanguageReason
from search.language.tree import Close, Or, Quoted, Tree, Word
from search.meaning import Meaning, any_of

PAIRS_LIMIT = 16
"""The most pairs of words that two groups may make."""

_FORMS_IN = ("title_grams", "abstract_grams", "claims_grams")

Operand = Word | Quoted


def near(tree: Close, name: str | None) -> Meaning:
    """Near each other in a text field of the index, or anywhere in a lot for None.

    Raises:
        Refused: something else than words, phrases or groups of them is joined, a single Chinese character,
            or too many.
    """
    found = list(product(_operands(tree.first, tree.where), _operands(tree.second, tree.where)))
    if len(found) > PAIRS_LIMIT:
        raise refused(LanguageReason.NEAR_TOO_MANY, tree.where, most=PAIRS_LIMIT)
    nodes = [node for pair in found for node in _nodes(*pair, tree, name)]
    words = dict.fromkeys(mark for pair in found for leaf in pair for mark in terms.marks_of(leaf.text))
    return terms.exactly(any_of(nodes), tuple(words))


def _operands(tree: Tree, where: Piece) -> list[Operand]:
    if isinstance(tree, Or):
        return [operand for part in tree.parts for operand in _operands(part, where)]
    if not isinstance(tree, Operand) or "*" in tree.text:
        raise refused(LanguageReason.NEAR_WHAT, where)
    if len(terms.stretches(tree.text)) > 1:
        raise refused(LanguageReason.NEAR_WHAT, where)
    if any(map(terms.is_lone, parts.forms(tree, stemmed=False))):
        raise refused(LanguageReason.NEAR_LONE, tree)
    return [tree]


def _nodes(first: Operand, second: Operand, tree: Close, name: str | None) -> list[Node]:
    written = parts.forms(first, stemmed=False), parts.forms(second, stemmed=False)
    stemmed = parts.forms(first, stemmed=True), parts.forms(second, stemmed=True)
    # Between neighbouring Chinese words lies the pair that belongs to both.
    distance = tree.distance + any(not gram.isascii() for grams in written for gram in grams)
    if name:
        return [Near(*stemmed, distance, tree.ordered, field=name)]
    anywhere = Near(*written, distance, tree.ordered, field=PHRASE_FIELD)
    if stemmed == written:
        return [anywhere]
    return [anywhere, *(Near(*stemmed, distance, tree.ordered, field=part) for part in _FORMS_IN)]
