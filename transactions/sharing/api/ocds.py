"""The public records as releases of the Open Contracting Data Standard: one, by page, and as JSON Lines."""

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, jsonify, request, url_for
from sqlalchemy import select

from marketplace import clock
from marketplace.errors import NotFound
from marketplace.web import limiter, public
from transactions.disclosure.texts import title_of
from transactions.models import LogHead, TransactionRecord
from transactions.sharing import queries
from transactions.sharing.api.shared import FURTHEST_OFFSET, PREFIX, blueprint, number, session
from transactions.sharing.ocds_releases import EXTENSION_FIELDS, Source, package_of, release_of
from transactions.sharing.service import reading
from transactions.sharing.service.acts import settings

PAGE, MOST = 100, 500
LINES_MOST = 1000
_PER_MINUTE = "60/minute"


@blueprint.get("/ocds/releases.json")
@limiter.limit(_PER_MINUTE)
@public
def releases() -> Response:
    """A page of releases as a package, in the order of the log; `links.next` is the page after it."""
    offset, limit = number("offset", 0, 0, FURTHEST_OFFSET), number("limit", PAGE, 1, MOST)
    found = queries.feed(session(), offset, limit)
    made = _releases(found)
    if not made:
        # The standard knows no empty package.
        raise NotFound("releases")
    package = _package(made, found)
    following = found[-1].leaf_index + 1
    if following < (session().scalar(select(LogHead.size)) or 0):
        after = url_for("sharing_api.releases", offset=following, limit=limit)
        package["links"] = {"next": f"{settings().public_url}{after}"}
    return jsonify(package)


@blueprint.get("/ocds/releases.jsonl")
@limiter.limit(_PER_MINUTE)
@public
def lines() -> Response:
    """Releases as JSON Lines; the header `Luochui-Next-Offset` says where to go on."""
    offset, limit = number("offset", 0, 0, FURTHEST_OFFSET), number("limit", LINES_MOST, 1, LINES_MOST)
    found = queries.feed(session(), offset, limit)
    body = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in _releases(found))
    response = Response(body, mimetype="application/jsonl")
    response.headers["Luochui-Next-Offset"] = str(found[-1].leaf_index + 1 if found else offset)
    return response


@blueprint.get("/ocds/releases/<uuid:record_id>.json")
@limiter.limit(_PER_MINUTE)
@public
def release(record_id: uuid.UUID) -> Response:
    """One record as a package of one release; 404 where not everybody may see it."""
    found = session().get(TransactionRecord, record_id)
    made = _releases([found]) if found else []
    if found is None or not made:
        raise NotFound("release")
    return jsonify(_package(made, [found]))


@blueprint.get("/ocds/extension/extension.json")
@public
def extension() -> Response:
    """What our extension is called and where its schema is."""
    words = {
        "name": {"en": "Disposal of intellectual property", "zh": "知识产权处置"},
        "description": {
            "en": "Facts of an offer of patents, marks or works that the standard has no field for.",
            "zh": "标准中没有相应字段的知识产权处置信息。",
        },
    }
    return jsonify(words | {"schemas": ["release-schema.json"], "compatibility": ["1.1"]})


@blueprint.get("/ocds/extension/release-schema.json")
@public
def extension_schema() -> Response:
    """The fields of the extension as a patch of the release schema."""
    fields = {new: {"title": new, "type": _TYPES} for new in EXTENSION_FIELDS.values()}
    disposal = {"title": "Disposal", "type": "object", "properties": fields}
    return jsonify(definitions={"Tender": {"properties": {"disposal": disposal}}})


_TYPES = ["string", "integer", "boolean", "array", "null"]


def _releases(found: Iterable[TransactionRecord]) -> list[dict[str, Any]]:
    seen = [one for one in reading.for_anybody(list(found)) if one.view is not None]
    return [release_of(one.view, _source(one.record), title_of(one.view)) for one in seen if one.view]


def _source(record: TransactionRecord) -> Source:
    here = settings()
    return Source(
        prefix=here.ocid_prefix,
        first_id=queries.first_of_chain(session(), record).id,
        record_id=record.id,
        recorded_at=record.recorded_at,
        link=f"{here.public_url}{url_for('transactions.record', record_id=record.id)}",
    )


def _package(made: list[dict[str, Any]], found: Sequence[TransactionRecord]) -> dict[str, Any]:
    here = settings()
    return package_of(
        made,
        uri=f"{here.public_url}{request.full_path.rstrip('?')}",
        published=max((record.recorded_at for record in found), default=clock.now()),
        publisher=here.marketplace_name,
        extension=f"{here.public_url}{PREFIX}/ocds/extension/extension.json",
    )
