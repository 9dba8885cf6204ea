"""Anybody who holds a report checks its code: the digest is confirmed, and nothing else is told."""

from flask import make_response, redirect, render_template, request, url_for

from marketplace.papers import read_code
from marketplace.web import limiter, public
from transactions.valuations.queries.valuations import by_code
from transactions.valuations.routes.shared import Page, blueprint, reading

CHECKS_PER_MINUTE = "20/minute"


@blueprint.get("/valuations/check")
@public
@limiter.limit(CHECKS_PER_MINUTE)
def check_code() -> Page:
    """The form for a code; a code that was typed leads to its page."""
    typed = request.args.get("code", "")[:200]
    if not typed.strip():
        return render_template("valuations/check.html", typed="", unknown=False, found=None)
    code = read_code(typed)
    return _unknown(typed) if code is None else redirect(url_for("valuations.checked", code=code), code=303)


@blueprint.get("/valuations/check/<code>")
@public
@limiter.limit(CHECKS_PER_MINUTE)
def checked(code: str) -> Page:
    """Whether a report with this code was made here, when, and the digest of its content."""
    read = read_code(code[:200])
    found = by_code(reading(), read) if read else None
    if found is None:
        return _unknown(code[:200])
    answer = make_response(render_template("valuations/check.html", typed="", unknown=False, found=found))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _unknown(typed: str) -> tuple[str, int]:
    return render_template("valuations/check.html", typed=typed, unknown=True, found=None), 404
