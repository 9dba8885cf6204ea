"""Chinese and English: which one this reader gets, and how money and time are written in it."""

from datetime import date, datetime, timedelta

from babel.dates import format_timedelta
from flask import Blueprint, Flask, has_request_context, redirect, request, session, url_for
from flask_babel import Babel, format_date, format_datetime, get_locale, refresh
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.money import exponent
from marketplace.rule_packs.words import pack_title
from marketplace.web import public, visitor

LANGUAGES = {"zh": "中文", "en": "English"}

blueprint = Blueprint("language", __name__)


def install(app: Flask) -> None:
    """Choose the language by the reader's choice, the account, then the browser; add the filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "marketplace/translations"
    Babel(app, locale_selector=_chosen, default_locale="zh", default_timezone=str(clock.LOCAL_ZONE))
    app.before_request(refresh)  # it remembers the language in `g`, which a pushed context lets outlive it
    app.register_blueprint(blueprint)
    app.jinja_env.filters.update(
        money=money, moment=moment, date=day, duration=duration, pack_title=pack_title
    )


def _chosen() -> str:
    if not has_request_context():
        return "en"  # the command line
    person = visitor()
    asked = session.get("language") or (person.language if person else None)
    if asked in LANGUAGES:
        return str(asked)
    return request.accept_languages.best_match(list(LANGUAGES), default="zh") or "zh"


@blueprint.post("/language/<code>")
@public
def choose(code: str) -> Response:
    """Remember the choice in the cookie and go back to the page the reader came from."""
    if code not in LANGUAGES:
        raise NotFound
    session["language"] = code
    back = request.form.get("back", "")
    safe = back.startswith("/") and not back.startswith(("//", "/\\"))
    return redirect(back if safe else url_for("home.index"), code=303)


def money(minor: int | None, currency: str) -> str:
    """An amount with thousands and its ISO code, exact to the minor unit; a dash for none."""
    if minor is None:
        return "–"
    places = exponent(currency)
    whole, rest = divmod(abs(minor), 10**places)
    fraction = f".{rest:0{places}d}" if places else ""
    return f"{'−' if minor < 0 else ''}{whole:,}{fraction} {currency}"


def moment(value: datetime | None, *, seconds: bool = False) -> str:
    """A moment in the local zone, with the zone as its distance from UTC; a dash for none."""
    if value is None:
        return "–"
    pattern = "yyyy-MM-dd HH:mm:ss" if seconds else "yyyy-MM-dd HH:mm"
    hours = value.astimezone(clock.LOCAL_ZONE).strftime("%z")
    return f"{format_datetime(value, pattern)} UTC{hours[0]}{int(hours[1:3])}"


def day(value: date | None) -> str:
    """A calendar day; a dash for none."""
    return "–" if value is None else format_date(value, "yyyy-MM-dd")


def duration(value: timedelta) -> str:
    """A length of time in words, rounded to its largest unit."""
    return format_timedelta(value, locale=str(get_locale() or "zh"), threshold=1.2)
