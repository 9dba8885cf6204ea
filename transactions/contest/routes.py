"""The league table, a lot's contest, and an institution's own estimates."""

import uuid
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.rule_packs.packs import load
from marketplace.web import allowed, current_actor, limiter, optional_actor, public, show_refusal
from transactions import texts as shared_texts
from transactions.contest import queries, rules, service, texts, views
from transactions.contest.forms import EstimateForm, NamedForm
from transactions.rules.words import AssetFamily

blueprint = Blueprint("contest", __name__, template_folder="templates")

Page = str | tuple[str, int] | Response


@blueprint.get("/contest")
@public
def league() -> str:
    """Who estimated best in the last 24 months, and the lots that wait for estimates."""
    session, actor = db.session(), optional_actor()
    asked = request.args.get("family", "")
    family = AssetFamily(asked) if asked in set(AssetFamily) else None
    files = actor is not None and may(actor, Verb.FILE_ESTIMATE)
    return render_template(
        "contest/league.html",
        lines=views.league(session, family),
        family=family,
        families=shared_texts.FAMILIES,
        open_lots=queries.open_lots(session, clock.now()) if files else [],
        files=files,
        least=rules.LEAST_SCORED,
        percent_off=views.percent_off,
    )


@blueprint.get("/contest/lots/<uuid:lot_id>")
@public
def lot(lot_id: uuid.UUID) -> Page:
    """A lot's contest: the form and one's own sealed estimate before the sale, everybody's after it."""
    return _lot_page(_visible(lot_id))


@blueprint.post("/contest/lots/<uuid:lot_id>/file")
@limiter.limit("30/minute")
@allowed(Verb.FILE_ESTIMATE)
def file(lot_id: uuid.UUID) -> Page:
    """Seal an estimate."""
    found = _visible(lot_id)
    form = EstimateForm(found.currency)
    if not form.validate_on_submit():
        return _lot_page(found, form)
    try:
        with atomic() as session:
            filed = service.file_estimate(
                session, current_actor(), lot_id, form.estimate(), form.note.data or ""
            )
    except Refused as refused:
        show_refusal(form, refused)
        return _lot_page(db.session().get_one(Lot, lot_id), form)
    text = gettext("Your new estimate is sealed; the earlier one no longer counts.")
    flash(text if filed.replaces else gettext("Your estimate is sealed."), "success")
    return redirect(url_for("contest.lot", lot_id=lot_id), code=303)


def _lot_page(found: Lot, form: EstimateForm | None = None) -> Page:
    session, actor = db.session(), optional_actor()
    files = actor is not None and may(actor, Verb.FILE_ESTIMATE)
    own = service.own_estimate(session, actor, found) if files and actor else None
    opens_at = queries.opens_at(session, found.id)
    fee = load(found.rule_pack, found.rule_pack_version).contest_fee_units
    if form is None and own is not None:
        form = EstimateForm(found.currency, own.content.estimate, note=own.content.note)
    page = render_template(
        "contest/lot.html",
        lot=found,
        form=form or EstimateForm(found.currency),
        own=own,
        files=files,
        is_open=_is_open(found, opens_at),
        opens_at=opens_at,
        rounds=views.rounds(session, found.id),
        fee=fee.value if fee else None,
        words=texts,
        percent_off=views.percent_off,
    )
    return (page, 422) if form is not None and (form.errors or form.form_errors) else page


def _is_open(found: Lot, opens_at: datetime | None) -> bool:
    try:
        rules.check_open(found.status, opens_at, clock.now())
    except Conflict:
        return False
    return True


@blueprint.get("/contest/mine")
@allowed(Verb.FILE_ESTIMATE)
def mine() -> str:
    """The institution's own opened estimates and what they were off by."""
    session, actor = db.session(), current_actor()
    entries = views.own(session, actor.institution_id)
    chart, currency = views.own_chart(entries)
    named = queries.says_named(session, actor.institution_id)
    return render_template(
        "contest/mine.html",
        entries=entries,
        chart=chart,
        currency=currency,
        form=NamedForm(data={"named": named}),
        named=named,
        words=texts,
        percent_off=views.percent_off,
    )


@blueprint.post("/contest/mine/named")
@allowed(Verb.FILE_ESTIMATE)
def say_named() -> Response:
    """Consent to be named, or take it back."""
    form = NamedForm()
    if form.validate_on_submit():
        with atomic() as session:
            service.say_named(session, current_actor(), named=bool(form.named.data))
        flash(gettext("Saved."), "success")
    return redirect(url_for("contest.mine"), code=303)


def _visible(lot_id: uuid.UUID) -> Lot:
    found = db.session().get(Lot, lot_id)
    if found is None or found.status not in PUBLIC_STATUSES:
        raise NotFound(str(lot_id))
    return found
