"""How a query was understood, in the reader's language: fields in full words, every parenthesis shown."""

from datetime import date

from flask_babel import get_locale, gettext, ngettext

from marketplace.errors import Refused
from marketplace.money import decimal_text
from search import keys, labels, parsing
from search.classification import reading as class_title
from search.classification.titles import SEPARATOR
from search.language import choices, texts
from search.language.fields import FIELDS, Field, Kind
from search.language.places import Piece
from search.language.tree import And, Close, Compared, In, Leaf, Not, Or, Quoted, Span, Tree
from search.language.values import amount, days

_LABELLED = {"st": "status", "ty": "type", "ch": "channel", "rg": "region"}
_TITLES = 2
"""Titles of a class shown: its own and the one above."""

_SHOWN_SIGNS = {">=": "≥", "<=": "≤"}


def explained(text: str) -> str:
    """A query that is taken exactly, in words; empty for plain words and for what would be refused."""
    try:
        tree = parsing.tree(text)
        return "" if tree is None else _said(tree, None)
    except Refused:
        return ""


def _said(tree: Tree, field: Field | None) -> str:
    match tree:
        case And(parts):
            return f" {texts.AND} ".join(_grouped(part, field) for part in parts)
        case Or(parts):
            return f" {texts.OR} ".join(_grouped(part, field) for part in parts)
        case Not(part):
            return f"{texts.NOT} {_grouped(part, field)}"
        case Close():
            return _close(tree, field)
        case In(code, part):
            return _in(FIELDS[code], part)
        case _:
            return _value(tree, field)


def _grouped(tree: Tree, field: Field | None) -> str:
    said = _said(tree, field)
    return said if isinstance(tree, Leaf | In) else f"({said})"


def _close(tree: Close, field: Field | None) -> str:
    first, second = _grouped(tree.first, field), _grouped(tree.second, field)
    words = {"first": first, "second": second}
    if tree.ordered:
        said = ngettext(
            "%(first)s and behind it %(second)s with at most %(num)s word between",
            "%(first)s and behind it %(second)s with at most %(num)s words between",
            tree.distance,
            **words,
        )
    else:
        said = ngettext(
            "%(first)s and %(second)s with at most %(num)s word between",
            "%(first)s and %(second)s with at most %(num)s words between",
            tree.distance,
            **words,
        )
    return str(said)


def _in(field: Field, part: Tree) -> str:
    name = str(texts.FIELD_NAMES[field.code])
    if isinstance(part, Compared):
        return f"{name} {_SHOWN_SIGNS.get(part.sign, part.sign)} {_measured(part, field, part.sign)}"
    if isinstance(part, Span):
        return f"{name} {_span(part, field)}"
    return f"{name} = {_grouped(part, field)}"


def _span(span: Span, field: Field) -> str:
    usual = _currency(span) if field.kind is Kind.PRICE else ""
    least = "" if span.least == "*" else _measured(Piece(span.least), field, ">=", usual)
    most = "" if span.most == "*" else _measured(Piece(span.most), field, "<=", usual)
    if least and most:
        return str(gettext("from %(least)s to %(most)s", least=least, most=most))
    return f"≥ {least}" if least else f"≤ {most}" if most else "= *"


def _currency(span: Span) -> str:
    """The currency that either end names is that of both."""
    named = (amount(Piece(text))[1] for text in (span.least, span.most) if text != "*")
    return next((currency for currency in named if currency), "CNY")


def _value(leaf: Leaf, field: Field | None) -> str:
    if field is None or field.kind is Kind.TEXT:
        return f"“{leaf.text}”" if isinstance(leaf, Quoted) else leaf.text
    if field.code in _LABELLED:
        values = choices.values(field.choices, leaf.text)
        return " / ".join(labels.label(_LABELLED[field.code], value, "", {}) for value in values) or leaf.text
    if field.kind is Kind.SYMBOL:
        return _symbol(leaf.text)
    return _measured(leaf, field, "=")


def _symbol(written: str) -> str:
    symbol = written.upper().removesuffix("/LOW").removesuffix("*")
    alone = "/" in symbol and symbol == written.upper()
    title = SEPARATOR.join(class_title(symbol, str(get_locale() or "zh")).split(SEPARATOR)[-_TITLES:])
    shown = f"{keys.class_key(symbol)}{f' “{title}”' if title else ''}"
    return shown if alone else str(gettext("%(symbol)s with everything below", symbol=shown))


def _measured(piece: Piece, field: Field, sign: str, usual: str = "CNY") -> str:
    if piece.text == "*":
        return "*"
    if field.kind is Kind.PRICE:
        minor, named = amount(piece, usual)
        currency = named or usual
        return f"{_thousands(decimal_text(minor, currency))} {currency}"
    if field.kind is Kind.LIFE:
        return str(gettext("%(number)s years", number=piece.text.rstrip("年")))
    return _day(days(piece), sign) if field.kind is Kind.DATE else piece.text


def _day(ends: tuple[date, date], sign: str) -> str:
    first, last = (day.isoformat() for day in ends)
    if sign == "=" and first != last:
        return f"{first} – {last}"
    return last if sign in {">", "<="} else first


def _thousands(figures: str) -> str:
    whole, point, places = figures.partition(".")
    return f"{int(whole):,}{point}{places}"
