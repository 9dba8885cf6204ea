"""Pages of disclosure: questions of one's own, the use of own sales, exact reading by two, open data."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response as AnyResponse

from marketplace import clock
from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.rights import fields
from marketplace.web import (
    allowed,
    current_actor,
    limiter,
    public,
    refusal_text,
    show_refusal,
    signed_in,
)
from transactions import texts as record_texts
from transactions.disclosure import opendata, queries, texts
from transactions.disclosure.forms import QuestionForm, RequestForm
from transactions.disclosure.readers import reader_of
from transactions.disclosure.rules.differencing import QUESTIONS_A_DAY
from transactions.disclosure.service import asking, requesting
from transactions.disclosure.steps import steps
from transactions.disclosure.uses import uses_of
from transactions.market.texts import sector_names

blueprint = Blueprint("disclosure", __name__, template_folder="templates")

Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/market/questions")
@allowed(Verb.ASK_STATISTICS)
def ask() -> Page:
    """A form for a question of one's own."""
    return _ask(_question_form())


@blueprint.post("/market/questions")
@limiter.limit("60/minute")
@allowed(Verb.ASK_STATISTICS)
def answer() -> Page:
    """The answer, from the release that stands."""
    form = _question_form()
    if not form.validate_on_submit():
        return _ask(form), 422
    try:
        with atomic() as session:
            figures = asking.ask(session, current_actor(), form.question())
    except Refused as refused:
        show_refusal(form, refused)
        return _ask(form, problem=refusal_text(refused)), refused.status
    return _ask(form, figures=figures)


def _ask(form: QuestionForm, figures: Mapping[str, Any] | None = None, problem: str = "") -> str:
    session = db.session()
    return render_template(
        "disclosure/ask.html",
        form=form,
        figures=figures,
        problem=problem,
        left=asking.left_today(session, current_actor()),
        most=QUESTIONS_A_DAY,
        release=queries.latest_release(session),
        outcomes=record_texts.OUTCOMES,
    )


def _question_form() -> QuestionForm:
    form, language = QuestionForm(), str(get_locale() or "zh")
    values = steps(clock.now().year)
    words: dict[str, Mapping[str, Any]] = {name: {one: one for one in some} for name, some in values.items()}
    words["type"] = {kind.value: text for kind, text in record_texts.ASSET_TYPES.items()}
    words["channel"] = {channel.value: text for channel, text in record_texts.CHANNELS.items()}
    words["field"] = {str(one.number): fields.field_name(one.number, language) for one in fields.all_fields()}
    words["sector"] = {str(number): name for number, name in sector_names().items()}
    for name in ("year", "quarter"):
        words[name] = dict(reversed(list(words[name].items())))
    form.offer(words)
    return form


@blueprint.get("/market/uses")
@signed_in
def uses() -> str:
    """Who read the institution's own confidential sales exactly: counts."""
    session = db.session()
    return render_template(
        "disclosure/uses.html",
        uses=uses_of(session, reader_of(session, current_actor())),
        purposes=texts.PURPOSES,
        kinds=texts.KINDS,
    )


@blueprint.get("/operator/exact-reads")
@allowed(Verb.READ_EXACTLY)
def requests() -> Page:
    """Requests of the institution to read a record exactly."""
    return _requests(RequestForm())


@blueprint.post("/operator/exact-reads")
@allowed(Verb.READ_EXACTLY)
def request_read() -> Page:
    """The first person asks."""
    form = RequestForm()
    if not form.validate_on_submit():
        return _requests(form), 422
    try:
        with atomic() as session:
            record_id = uuid.UUID(str(form.record_id.data))
            requesting.request_read(session, current_actor(), record_id, str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _requests(form, refusal_text(refused)), refused.status
    flash(gettext("The request waits for a second person."), "success")
    return redirect(url_for("disclosure.requests"), code=303)


@blueprint.post("/operator/exact-reads/<uuid:request_id>/<any(approve, refuse):decision>")
@allowed(Verb.READ_EXACTLY)
def decide(request_id: uuid.UUID, decision: str) -> Page:
    """The second person decides."""
    try:
        with atomic() as session:
            requesting.decide(session, current_actor(), request_id, approve=decision == "approve")
    except Refused as refused:
        return _requests(RequestForm(formdata=None), refusal_text(refused)), refused.status
    return redirect(url_for("disclosure.requests"), code=303)


@blueprint.post("/operator/exact-reads/<uuid:request_id>/read")
@allowed(Verb.READ_EXACTLY)
def read(request_id: uuid.UUID) -> Page:
    """The record as it stands; each look is noted, so it is no address to come back to."""
    try:
        with atomic() as session:
            facts = requesting.read(session, current_actor(), request_id)
    except Refused as refused:
        return _requests(RequestForm(formdata=None), refusal_text(refused)), refused.status
    return render_template(
        "disclosure/read.html",
        facts_of=facts,
        outcomes=record_texts.OUTCOMES,
        channels=record_texts.CHANNELS,
        asset_types=record_texts.ASSET_TYPES,
    )


def _requests(form: RequestForm, problem: str = "") -> str:
    actor = current_actor()
    return render_template(
        "disclosure/requests.html",
        form=form,
        problem=problem,
        requests=requesting.requests_of(db.session(), actor.institution_id),
        decisions=texts.DECISIONS,
        me=actor.person_id,
        standing=clock.now() - requesting.APPROVAL_STANDS,
    )


@blueprint.get("/market/open-data/sales.jsonl")
@limiter.limit("30/minute")
@public
def open_data_lines() -> Response:
    """The public tier as JSON Lines; with `?after=LEAF_INDEX` the next part."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _lines())
    return _file(text, "application/jsonl", "sales.jsonl")


@blueprint.get("/market/open-data/sales.csv")
@limiter.limit("30/minute")
@public
def open_data_table() -> Response:
    """The public tier as a table; with `?after=LEAF_INDEX` the next part."""
    return _file("\ufeff" + opendata.csv_of(_lines()), "text/csv", "sales.csv")


@blueprint.get("/market/open-data/description.json")
@limiter.limit("60/minute")
@public
def open_data_description() -> Response:
    """Licence, meaning of every field, how to check a line, and the latest signed checkpoint."""
    return jsonify(opendata.description(db.session()))


def _lines() -> Any:
    after = max(-1, min(request.args.get("after", -1, type=int), 2**62))
    return opendata.lines(db.session(), clock.now().astimezone(clock.LOCAL_ZONE).date(), after=after)


def _file(text: str, mimetype: str, name: str) -> Response:
    answer = Response(text, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
