"""The one map from errors to answers: a page for people, JSON for machines, the same status for both."""

from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from flask_babel import gettext
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from marketplace.errors import MarketplaceError, Refused
from marketplace.money import MalformedAmount
from marketplace.web import refusal_text

log = structlog.get_logger()


def install(app: Flask) -> None:
    """Answer every error of `app` in the asker's form and language."""
    app.register_error_handler(MarketplaceError, _marketplace_error)
    app.register_error_handler(
        CSRFError, lambda _: _answer(400, gettext("The form is too old; send it again."))
    )
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _unforeseen)


def wants_json() -> bool:
    """Whether the asker is a machine: an address under /api/, or JSON preferred over HTML."""
    preferred = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.path.startswith("/api/") or preferred == "application/json"


def _answer(status: int, message: str, **facts: Any) -> tuple[Response | str, int]:
    if wants_json():
        return jsonify(error=message, status=status, request_id=g.get("request_id"), **facts), status
    page = render_template(
        "error.html", status=status, title=_title(status), message=message, request_id=g.get("request_id")
    )
    return page, status


def _title(status: int) -> str:
    titles = {
        400: gettext("This request cannot be read"),
        401: gettext("Please sign in"),
        403: gettext("Not allowed"),
        404: gettext("Not found"),
        405: gettext("Not possible here"),
        409: gettext("Somebody was faster"),
        413: gettext("Too large"),
        422: gettext("Not accepted"),
        429: gettext("Too many requests"),
        503: gettext("Busy, please try again"),
    }
    return str(titles.get(status) or gettext("Something went wrong on our side"))


def _message(status: int) -> str:
    messages = {
        400: gettext("The request was incomplete or malformed. Nothing was changed."),
        401: gettext("You have to sign in first. Nothing was changed."),
        403: gettext("Your role does not allow this. Nothing was changed."),
        404: gettext("There is no such page, or it is not yours to see."),
        413: gettext("What you sent is larger than this page accepts. Nothing was changed."),
        429: gettext("Please wait a moment and try again."),
        503: gettext("The database did not answer in time. Nothing was changed; try again in a moment."),
    }
    fallback = gettext("Nothing was changed. Please try again; the number below finds the case.")
    return str(messages.get(status, fallback))


def _marketplace_error(error: MarketplaceError) -> tuple[Response | str, int]:
    if isinstance(error, Refused):
        return _answer(error.status, refusal_text(error), reason=str(error.reason), field=error.field)
    if isinstance(error, MalformedAmount):
        return _answer(422, gettext("The amount is not a plain number such as 12500.00."))
    if str(error) == "four_eyes":
        return _answer(403, gettext("Whoever prepared this may not approve it: a second person must."))
    return _answer(error.status, _message(error.status))


def _http_error(error: HTTPException) -> tuple[Response | str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return _answer(error.code, _message(error.code))


def _too_many(error: RateLimitExceeded) -> tuple[Response | str, int]:
    own_words = error.limit.error_message is not None
    return _answer(429, str(error.description) if own_words else _message(429))


def _busy(error: OperationalError) -> tuple[Response | str, int]:
    log.warning("database_busy", error=str(error.orig))
    return _answer(503, _message(503))


def _unforeseen(error: Exception) -> tuple[Response | str, int]:
    log.error("unforeseen", exc_info=error)
    return _answer(500, _message(500))
