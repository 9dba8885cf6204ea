"""The blueprint of the API and what its views share. Requests are signed, not sent with a cookie."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from marketplace.db import db
from marketplace.errors import Refused
from marketplace.web import csrf
from transactions.sharing.models import Contributor
from transactions.sharing.rules.reasons import Reason
from transactions.sharing.service import reading
from transactions.sharing.service.acts import settings

VERSION = 1
PREFIX = f"/api/v{VERSION}/transactions"
FURTHEST_OFFSET = 2**53

blueprint = Blueprint("sharing_api", __name__, url_prefix=PREFIX)
# Signatures stand in for the session's token: no browser sends them by itself.
csrf.exempt(blueprint)


@blueprint.after_request
def _mark(response: Response) -> Response:
    """Nobody shall take a sandbox for the record."""
    response.headers["Luochui-Sandbox"] = "yes" if settings().sandbox else "no"
    return response


def session() -> Session:
    return db.session()


def answer(status: int = 200, /, **facts: Any) -> tuple[Response, int]:
    """JSON that says whether it is a sandbox's."""
    return jsonify(sandbox=settings().sandbox, **facts), status


def signer() -> Contributor | None:
    """Who signed this request; raises as `service.reading.signer`."""
    query = request.query_string.decode("ascii", "replace")
    target = request.path + (f"?{query}" if query else "")
    return reading.signer(session(), request.headers, request.method, target)


def number(name: str, default: int, least: int, most: int) -> int:
    """A whole number of the query; raises Refused where it is none, or out of range."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and least <= int(text) <= most):
        raise Refused(Reason.OFFSET_OUT_OF_RANGE, field=name, least=least, most=most)
    return int(text)
