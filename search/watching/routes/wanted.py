"""Wanted notices: the public list and page, publishing, ending, and how many look for a lot."""

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import InstitutionKind, Verb, may
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.web import allowed, current_actor, limiter, optional_actor, public, show_refusal, signed_in
from search.watching import queries, wanted_queries
from search.watching.forms import AnswerForm, TakeDownForm, WantedForm
from search.watching.models import WantedNotice
from search.watching.routes.shared import Page, as_query, blueprint, described, reading
from search.watching.rules.words import WANTED_LIFE, WantedStatus
from search.watching.service import wanted as service
from search.watching.texts import WANTED_STATUSES

NOTICES_A_PAGE = 20
MATCHES_SHOWN = 20


@blueprint.get("/wanted")
@public
def wanted() -> str:
    """What buyers look for now, and for a buyer its own notices."""
    actor, now = optional_actor(), clock.now()
    publishes = actor is not None and may(actor, Verb.PUBLISH_WANTED)
    own = wanted_queries.own_notices(actor).limit(NOTICES_A_PAGE) if actor and publishes else None
    return render_template(
        "watching/wanted_list.html",
        notices=db.paginate(wanted_queries.open_notices(now), per_page=NOTICES_A_PAGE, error_out=False),
        own=list(reading().scalars(own)) if own is not None else [],
        may_publish=publishes,
        statuses=WANTED_STATUSES,
    )


@blueprint.get("/wanted/<uuid:wanted_id>")
@public
def wanted_notice(wanted_id: uuid.UUID) -> str:
    """A notice; its buyer sees answers and lots, sellers and agencies can answer, the operator can end it."""
    return notice_page(wanted_id, AnswerForm(formdata=None), TakeDownForm(formdata=None))


def notice_page(wanted_id: uuid.UUID, answer: AnswerForm, take_down: TakeDownForm) -> str:
    """The page of a notice with these forms; raises NotFound for a reader it is not for."""
    actor, now = optional_actor(), clock.now()
    moderates = actor is not None and may(actor, Verb.MODERATE_WANTED)
    notice = wanted_queries.notice_for(reading(), wanted_id, actor, now, moderates=moderates)
    own = actor is not None and actor.institution_id == notice.institution_id
    is_open = notice.status is WantedStatus.OPEN and notice.expires_at > now
    return render_template(
        "watching/wanted.html",
        notice=notice,
        asked=described(notice.arguments),
        own=own,
        is_open=is_open,
        answers=list(reading().scalars(wanted_queries.answers_to(notice.id).limit(100))) if own else [],
        matches=_matches(notice) if own else [],
        may_answer=is_open and not own and actor is not None and may(actor, Verb.ANSWER_WANTED),
        moderates=moderates and is_open,
        statuses=WANTED_STATUSES,
        answer=answer,
        take_down=take_down,
    )


def _matches(notice: WantedNotice) -> list[Lot]:
    """The lots found for the buyer, each once."""
    search_id = wanted_queries.search_of(reading(), notice.id).id
    found = reading().scalars(queries.matches_of(search_id).limit(5 * MATCHES_SHOWN))
    return list({match.lot_id: match.lot for match in found}.values())[:MATCHES_SHOWN]


@blueprint.get("/wanted/new")
@allowed(Verb.PUBLISH_WANTED)
def new_wanted() -> str:
    """Write a notice; from a search it takes over words and filters."""
    arguments = request.args.to_dict(flat=False)
    form = WantedForm(formdata=None)
    form.query.data, form.q.data = as_query(arguments), request.args.get("q", "").strip()[:200]
    return _new(form)


@blueprint.post("/wanted/new")
@limiter.limit("10/minute")
@allowed(Verb.PUBLISH_WANTED)
def publish_wanted() -> Page:
    form = WantedForm()
    if not form.validate_on_submit():
        return _new(form), 422
    try:
        with atomic() as session:
            notice = service.publish(session, current_actor(), form.wanted)
    except Refused as refused:
        show_refusal(form, refused)
        return _new(form), refused.status
    return redirect(url_for("watching.wanted_notice", wanted_id=notice.id), code=303)


@blueprint.post("/wanted/<uuid:wanted_id>/withdraw")
@allowed(Verb.PUBLISH_WANTED)
def withdraw_wanted(wanted_id: uuid.UUID) -> Response:
    with atomic() as session:
        service.withdraw(session, current_actor(), wanted_id)
    return redirect(url_for("watching.wanted_notice", wanted_id=wanted_id), code=303)


@blueprint.get("/wanted/lots/<uuid:lot_id>")
@signed_in
def buyers(lot_id: uuid.UUID) -> str:
    """How many buyers look for such a lot, for its seller and for agencies; a fragment of the lot's page."""
    actor, lot = current_actor(), reading().get(Lot, lot_id)
    sells = lot is not None and lot.institution_id == actor.institution_id
    brokers = lot is not None and actor.kind is InstitutionKind.AGENCY and lot.status in PUBLIC_STATUSES
    if lot is None or not (sells or brokers):
        raise NotFound("lot")
    count, named = wanted_queries.buyers_looking_for(reading(), lot, clock.now())
    return render_template("watching/_buyers.html", lot=lot, count=count, named=named)


def _new(form: WantedForm) -> str:
    try:
        asked = described(dict(form.arguments))
    except Refused as refused:
        asked = None
        show_refusal(form, refused)
    return render_template("watching/wanted_new.html", form=form, asked=asked, days=WANTED_LIFE.days)
