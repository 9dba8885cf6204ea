"""Submitting in bulk."""

from typing import Any

from flask import Response, request

from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.web import limiter, public
from transactions.sharing import documents
from transactions.sharing.api.shared import answer, blueprint, session
from transactions.sharing.reading_json import strict_json
from transactions.sharing.rules.reasons import Reason
from transactions.sharing.service import submitting
from transactions.sharing.service.submitting import LINES_LIMIT, Result

BODY_LIMIT = 8 * 1024 * 1024
SUBMISSIONS_PER_MINUTE = "30/minute"
_DIFFERENT = 207


@blueprint.post("/submissions")
@limiter.limit(SUBMISSIONS_PER_MINUTE)
@public
def submit() -> tuple[Response, int]:
    """Take up to 1,000 signed lines; the answer says line by line what became of them."""
    request.max_content_length = BODY_LIMIT
    code, lines = _envelope(strict_json(request.get_data()))
    contributor = submitting.admitted(session(), code)
    read = [submitting.read(contributor, line) for line in lines]
    with atomic() as writing:
        results = submitting.take(writing, code, read, [_own_id(line) for line in lines])
    return answer(
        _status(results),
        contributor=code,
        accepted=sum(one.status == submitting.ACCEPTED for one in results),
        repeated=sum(one.status == submitting.REPEATED for one in results),
        refused=sum(one.refused is not None for one in results),
        lines=[documents.result_as_json(place, one) for place, one in enumerate(results)],
    )


def _envelope(document: Any) -> tuple[str, list[Any]]:
    """The contributor's code and the lines; each line is looked at by itself afterwards."""
    if not isinstance(document, dict):
        raise Refused(Reason.WRONG_TYPE)
    code, lines = document.get("contributor"), document.get("lines")
    for name, value, kind in (("contributor", code, str), ("lines", lines, list)):
        if name not in document:
            raise Refused(Reason.FIELD_MISSING, field=name)
        if not isinstance(value, kind):
            raise Refused(Reason.WRONG_TYPE, field=name)
    unknown = sorted(set(document) - {"contributor", "lines"})
    if unknown:
        raise Refused(Reason.FIELD_UNKNOWN, field=unknown[0][:80])
    if not 1 <= len(lines or []) <= LINES_LIMIT:
        raise Refused(Reason.TOO_MANY_LINES, field="lines", most=LINES_LIMIT)
    return str(code), lines or []


def _own_id(line: Any) -> str | None:
    """The number of a line as far as it has one, so that a refusal can be found."""
    own_id = line.get("id") if isinstance(line, dict) else None
    return own_id[:80] if isinstance(own_id, str) else None


def _status(results: list[Result]) -> int:
    """201 when something new was taken and nothing refused, 200 when all of it was known before.

    Where every line was refused for the same kind of reason that kind's status; else 207.
    """
    codes = {one.refused.status if one.refused else 0 for one in results}
    if codes == {0}:
        return 201 if any(one.status == submitting.ACCEPTED for one in results) else 200
    return codes.pop() if len(codes) == 1 else _DIFFERENT
