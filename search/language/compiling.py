"""A tree as nodes that engines understand."""

from collections.abc import Sequence
from datetime import date

from search import keys
from search.engines import Everything, Node, Term
from search.language import choices, nearness, parts, terms
from search.language.fields import FIELDS, Field, Kind
from search.language.measures import between
from search.language.places import refused
from search.language.reasons import LanguageReason
from search.language.tree import And, Close, In, Leaf, Not, Or, Quoted, Tree
from search.meaning import Meaning, all_of, any_of, without

NICE_CLASSES = range(1, 46)
SYMBOL_BOOST, NUMBER_BOOST = 3.0, 10.0

_EXAMPLES = 4


def meaning_of(tree: Tree, today: date | None, field: Field | None = None) -> Meaning:
    """What a tree finds, inside a field or anywhere; strictly and loosely the same.

    Raises:
        Refused: a value is malformed or unknown, or something stands where its field cannot have it.
    """
    match tree:
        case In(code, part):
            return meaning_of(part, today, FIELDS[code])
        case Not(part):
            return terms.exactly(without(Everything(), (meaning_of(part, today, field).strict,)))
        case And(inside):
            return _together(inside, today, field)
        case Or(inside):
            found = [meaning_of(part, today, field) for part in inside]
            return terms.exactly(any_of([one.strict for one in found]), _marks(found))
        case Close():
            return _near(tree, field)
        case _:
            return _leaf(tree, today, field)


def _together(inside: Sequence[Tree], today: date | None, field: Field | None) -> Meaning:
    """Every part; as among plain words, "the" and the like only count when there is nothing else."""
    found = [meaning_of(part, today, field) for part in inside if not isinstance(part, Not)]
    wanted = [one for one in found if not one.idle] or found
    denied = [meaning_of(part.part, today, field).strict for part in inside if isinstance(part, Not)]
    strict = without(all_of([one.strict for one in wanted]), tuple(denied))
    return terms.exactly(strict, _marks(wanted))


def _marks(found: Sequence[Meaning]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mark for one in found for mark in one.marks))


def _near(tree: Close, field: Field | None) -> Meaning:
    if field is None:
        return nearness.near(tree, None)
    if field.kind is not Kind.TEXT:
        raise refused(LanguageReason.NEAR_WHAT, tree.where)
    return nearness.near(tree, field.asked[0])


def _leaf(leaf: Leaf, today: date | None, field: Field | None) -> Meaning:
    if field is None or field.kind is Kind.TEXT:
        return _text(leaf, field)
    if field.kind in {Kind.PRICE, Kind.DATE, Kind.LIFE}:
        return terms.exactly(between(field, leaf, today))
    if "*" in leaf.text and field.kind is not Kind.SYMBOL:
        raise refused(LanguageReason.WILDCARD_IN_VALUE, leaf)
    found = {
        Kind.NUMBER: _number,
        Kind.SYMBOL: _symbol,
        Kind.NICE: _nice,
        Kind.CHOICE: _choice,
    }[field.kind](leaf, field)
    return terms.exactly(found)


def _text(leaf: Leaf, field: Field | None) -> Meaning:
    if isinstance(leaf, Quoted):
        return parts.phrase(leaf, field.asked[0]) if field else terms.phrase(leaf)
    return parts.word(leaf, field.asked[0]) if field else terms.word(leaf)


def _number(leaf: Leaf, field: Field) -> Node:
    """Applications and publications are keys of the same lot: one finds the other because both are posted."""
    spellings = keys.spellings_of(leaf.text)
    if not spellings:
        raise refused(LanguageReason.BAD_NUMBER, leaf)
    return any_of([Term(field.asked[0], spelling, NUMBER_BOOST) for spelling in spellings])


def _symbol(leaf: Leaf, field: Field) -> Node:
    """With everything below it; with a stroke alone, unless `/low` asks for what stands below it too."""
    written = "".join(leaf.text.upper().split())
    symbol = written.removesuffix("/LOW") if "/" in written else written.removesuffix("*")
    if not (keys.is_class(symbol) or (len(symbol) == 1 and symbol in "ABCDEFGHY")):
        raise refused(LanguageReason.BAD_SYMBOL, leaf)
    below, alone = field.asked
    asked = alone if "/" in symbol and symbol == written else below
    return Term(asked, keys.class_key(symbol), SYMBOL_BOOST)


def _nice(leaf: Leaf, field: Field) -> Node:
    number = leaf.text.strip()
    if not (number.isascii() and number.isdigit() and len(number) <= 2 and int(number) in NICE_CLASSES):
        raise refused(LanguageReason.BAD_NICE, leaf)
    return Term(field.asked[0], keys.nice_key(number))


def _choice(leaf: Leaf, field: Field) -> Node:
    values = choices.values(field.choices, leaf.text)
    if not values:
        examples = list(dict.fromkeys(value for row in field.choices.values() for value in row))
        raise refused(LanguageReason.UNKNOWN_VALUE, leaf, examples=", ".join(examples[:_EXAMPLES]))
    return any_of([Term(field.asked[0], value) for value in values])
