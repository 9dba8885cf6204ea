"""The page of the classes: from the sections down, and found by the words of their titles."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale

from marketplace.errors import NotFound, Refused
from marketplace.web import limiter, public, refusal_text
from search import index
from search.classification import browsing, nice
from search.classification.counting import lots_on_offer
from search.classification.finding import search_titles
from search.classification.words import TEXT_LIMIT
from search.keys import nice_key
from search.reasons import SearchReason

blueprint = Blueprint("classification", __name__, template_folder="templates")

FOUND = 40
OPTIONS = 20
_PAGES = 999


@blueprint.get("/classes")
@limiter.limit("120/minute")
@public
def page() -> tuple[str, int]:
    """A class with those above and below it; a class of goods and services; or what words find."""
    try:
        if text := asked_text():
            return _page(**_found(text)), 200
    except Refused as refused:
        return _page(errors={refused.field: refusal_text(refused)}), refused.status
    return _page(**(_nice() if "nice" in request.args else _patents())), 200


@blueprint.get("/classes/options")
@limiter.limit("300/minute")
@public
def options() -> str:
    """The choices for a field that asks for a class, as `_field.html` fetches them."""
    text = request.args.get("class", "").strip()[:TEXT_LIMIT]
    found = search_titles(text, reader_language(), OPTIONS) if text else []
    return render_template("classification/_options.html", found=found)


def asked_text() -> str:
    """The words asked for. Raises Refused when they are too many."""
    text = request.args.get("q", "").strip()
    if len(text) > TEXT_LIMIT:
        raise Refused(SearchReason.TOO_LONG, "q", most=TEXT_LIMIT)
    return text


def reader_language() -> str:
    """The language of this reader, "zh" or "en"."""
    return str(get_locale() or "zh")


def _page(**variables: Any) -> str:
    return render_template(
        "classification/page.html", limit=TEXT_LIMIT, language=reader_language(), **variables
    )


def _found(text: str) -> dict[str, Any]:
    matches = search_titles(text, reader_language(), FOUND)
    goods = nice.search(text, FOUND)
    return {"found": browsing.found(matches, reader_language()), "goods": [_goods(one) for one in goods]}


def _goods(one: nice.Named) -> dict[str, Any]:
    """What was found among goods and services: its class, its group, its name and the page it stands on."""
    number = one.number
    match one:
        case nice.NiceClass():
            return {
                "number": number,
                "group": "",
                "name": one.heading(reader_language()),
                "url": _nice_url(number),
            }
        case nice.Group(code=code):
            return {"number": number, "group": code, "name": one.name, "url": _nice_url(number, code)}
        case nice.Item(group=code):
            return {"number": number, "group": code, "name": one.name, "url": _nice_url(number, code)}


def _nice_url(number: int, group: str | None = None) -> str:
    return url_for("classification.page", nice=number, group=group)


def _patents() -> dict[str, Any]:
    symbol = request.args.get("symbol", "").strip()
    key = browsing.known(symbol) if symbol else ""
    shown = browsing.below(key, _number("page", 1, _PAGES), reader_language())
    return {
        "path": browsing.path(key, reader_language()) if key else [],
        "below": shown,
        "headings": [] if key else list(nice.classes().values()),
    }


def _nice() -> dict[str, Any]:
    number = _number("nice", 0, len(nice.classes()))
    group = next((one for one in nice.groups(number) if one.code == request.args.get("group")), None)
    if "group" in request.args and group is None:
        raise NotFound
    return {
        "heading": nice.classes()[number],
        "groups": nice.groups(number),
        "group": group,
        "items": nice.items(group.code) if group else [],
        "lots": lots_on_offer(index.current(), [nice_key(str(number))]).get(nice_key(str(number))),
        "lots_url": url_for("search.page", q=f"nc={number}"),
    }


def _number(name: str, default: int, most: int) -> int:
    """A whole number from 1 among the arguments. Raises NotFound for anything else."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise NotFound
    return int(text)
