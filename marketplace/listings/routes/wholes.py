"""Offering lots together as well as apart: the page on which a bank drafts the whole."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.listings import queries, service
from marketplace.listings.forms import WholeForm
from marketplace.listings.routes.acts import Page
from marketplace.listings.routes.shared import blueprint, reading
from marketplace.web import allowed, current_actor, show_refusal


@blueprint.route("/portfolio/lots/together", methods=["GET", "POST"])
@allowed(Verb.DRAFT_LOT)
def new_whole() -> Page:
    """Choose the lots and set the terms under which they are offered together."""
    form = WholeForm()
    lots = queries.lots_to_join(reading(), current_actor().institution_id)
    form.part_ids.choices = [(str(lot.id), f"{lot.reference} · {lot.title}") for lot in lots]
    if not form.validate_on_submit():
        return _page(form)
    try:
        with atomic() as session:
            part_ids = [uuid.UUID(part_id) for part_id in form.part_ids.data or []]
            whole = service.draft_whole(session, current_actor(), form.terms(), part_ids=part_ids)
            whole_id = whole.id
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form)
    flash(gettext("The draft is saved."), "success")
    return redirect(url_for("listings.own_lot", lot_id=whole_id), code=303)


def _page(form: WholeForm) -> Page:
    page = render_template("listings/new_whole.html", form=form)
    return (page, 422) if form.is_submitted() else page
