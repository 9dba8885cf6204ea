"""What describes the API to programs: the way in, the JSON Schemas, OpenAPI."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, jsonify

from marketplace.errors import NotFound
from marketplace.web import public
from transactions.log import signing
from transactions.sharing.api.shared import PREFIX, VERSION, answer, blueprint
from transactions.sharing.rules.statements import protocol
from transactions.sharing.schema_files import NAMES, schema
from transactions.sharing.service.acts import settings

_OPENAPI = Path(__file__).parent.parent / "openapi.json"
_SCHEMA_TYPE = "application/schema+json"
_CACHE = "public, max-age=3600"


@blueprint.get("")
@public
def way_in() -> tuple[Response, int]:
    """Where everything is, and what signatures are for here."""
    here = settings()
    return answer(
        version=VERSION,
        marketplace=here.marketplace_name,
        public_key=signing.public_key(here.receipt_key),
        protocols={name: protocol(name, sandbox=here.sandbox) for name in ("submission", "request")},
        addresses={
            name: f"{PREFIX}/{name}"
            for name in (
                "submissions",
                "feed",
                "records",
                "contributors",
                "rights",
                "schemas",
                "ocds/releases.json",
            )
        },
        openapi=f"{PREFIX}/openapi.json",
    )


@blueprint.get("/schemas")
@public
def schemas() -> tuple[Response, int]:
    """The names of the schemas."""
    return answer(schemas=[f"{PREFIX}/schemas/{name}.json" for name in NAMES])


@blueprint.get("/schemas/<name>.json")
@public
def one_schema(name: str) -> Response:
    """A JSON Schema, draft 2020-12; its address stays the same for this version of the API."""
    if name not in NAMES:
        raise NotFound("schema")
    return _document(schema(name), _SCHEMA_TYPE)


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """The API in OpenAPI 3.1, with this server's address."""
    return _document(described() | {"servers": [{"url": settings().public_url}]}, "application/json")


@cache
def described() -> dict[str, Any]:
    """The description as it stands in its file."""
    found: dict[str, Any] = json.loads(_OPENAPI.read_text(encoding="utf-8"))
    return found


def _document(document: dict[str, Any], mimetype: str) -> Response:
    response = jsonify(document)
    response.mimetype = mimetype
    response.headers["Cache-Control"] = _CACHE
    return response
