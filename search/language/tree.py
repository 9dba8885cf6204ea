"""A query as a tree, before any engine is thought of, and its one canonical spelling."""

from dataclasses import dataclass, field

from search.language.places import Piece


@dataclass(frozen=True, slots=True)
class Word(Piece):
    """A word, a run of Chinese, a number, a class symbol or a value, as written; `batter*` with its star."""


@dataclass(frozen=True, slots=True)
class Quoted(Piece):
    """Words between quotation marks, without them."""


@dataclass(frozen=True, slots=True)
class Compared(Piece):
    """A value behind `>`, `>=`, `<` or `<=`."""

    sign: str = ">="


@dataclass(frozen=True, slots=True)
class Span(Piece):
    """A range; the text is `[least TO most]`."""

    least: str = "*"
    most: str = "*"


Leaf = Word | Quoted | Compared | Span


@dataclass(frozen=True, slots=True)
class And:
    """Every part."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Anything but this."""

    part: "Tree"


@dataclass(frozen=True, slots=True)
class Close:
    """Two words, phrases or groups of them joined by OR, near each other.

    Attributes:
        distance: the most words, in Chinese characters, between them. ordered: the first stands first.
        where: the operator, for refusals.
    """

    first: "Tree"
    second: "Tree"
    distance: int
    ordered: bool
    where: Piece = field(compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """Something in a field, by its code."""

    code: str
    part: "Tree"
    where: Piece = field(compare=False)


Tree = Leaf | And | Or | Not | Close | In


def codes(tree: Tree) -> frozenset[str]:
    """The codes of all fields that are asked for."""
    match tree:
        case And(parts) | Or(parts):
            return frozenset[str]().union(*map(codes, parts))
        case Not(part):
            return codes(part)
        case Close(first, second):
            return codes(first) | codes(second)
        case In(code):
            return frozenset({code})
        case _:
            return frozenset()


def render(tree: Tree) -> str:
    """The tree as a text that is read as the same tree; a word alone in parentheses, so that it is exact.

    Parentheses are written wherever something is joined inside something else, so a tree that was typed with
    fewer may be too deep to be read again.
    """
    return f"({_leaf(tree)})" if isinstance(tree, Leaf) else _render(tree)


def _render(tree: Tree) -> str:
    match tree:
        case And(parts):
            return " AND ".join(map(_grouped, parts))
        case Or(parts):
            return " OR ".join(map(_grouped, parts))
        case Not(part):
            return f"NOT {_grouped(part)}"
        case Close(first, second, distance, ordered):
            return f"{_grouped(first)} {'ADJ' if ordered else 'NEAR'}/{distance} {_grouped(second)}"
        case In(code, part):
            return f"{code}{'' if isinstance(part, Compared) else '='}{_grouped(part)}"
        case _:
            return _leaf(tree)


def _grouped(tree: Tree) -> str:
    return _render(tree) if isinstance(tree, Leaf | In) else f"({_render(tree)})"


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Quoted(text):
            return f'"{text}"'
        case Compared(text, _, sign):
            return f"{sign}{text}"
        case Span(_, _, least, most):
            return f"[{least} TO {most}]"
        case _:
            return leaf.text
