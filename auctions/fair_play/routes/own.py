"""What an institution sees of itself: its declared ties, and its entry on the barred list."""

from flask import redirect, render_template, url_for

from auctions.fair_play import queries
from auctions.fair_play.forms import AnswerForm, TieForm
from auctions.fair_play.routes.shared import Page, blueprint, found_or_404, reading
from auctions.fair_play.rules.ties import TieSource
from auctions.fair_play.service import listing, ties
from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.parties.models import Institution
from marketplace.web import allowed, current_actor, show_refusal


@blueprint.get("/fair-play/own")
@allowed(Verb.DECLARE_TIES)
def own() -> Page:
    """Declared ties, the form for one more, and the entry on the barred list where there is one."""
    return _page(TieForm(formdata=None), AnswerForm(formdata=None))


def _page(tie_form: TieForm, answer_form: AnswerForm, status: int = 200) -> tuple[str, int]:
    """Only what the institution declared itself: what others found stays with the operator."""
    institution = found_or_404(Institution, current_actor().institution_id)
    known = queries.ties_of(reading(), queries.node_of(institution))
    node = queries.node_of(institution)
    found = queries.listing_of(reading(), institution.id)
    page = render_template(
        "fair_play/own.html",
        ties=[tie for tie in known if tie.source is TieSource.DECLARED and tie.node == node],
        listing=found if found and found.listed_at else None,
        form=tie_form,
        answer_form=answer_form,
    )
    return page, status


@blueprint.post("/fair-play/own/ties")
@allowed(Verb.DECLARE_TIES)
def declare_tie() -> Page:
    """Declare a tie of one's own institution."""
    form = TieForm()
    if not form.validate_on_submit():
        return _page(form, AnswerForm(formdata=None), 422)
    try:
        with atomic() as session:
            ties.declare_tie(session, current_actor(), kind=form.kind.data, **form.what())
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form, AnswerForm(formdata=None), refused.status)
    return redirect(url_for("fair_play.own"), code=303)


@blueprint.post("/fair-play/own/answer")
@allowed(Verb.DECLARE_TIES)
def answer() -> Page:
    """Answer to one's entry on the barred list."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(TieForm(formdata=None), form, 422)
    try:
        with atomic() as session:
            listing.answer(session, current_actor(), str(form.answer.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(TieForm(formdata=None), form, refused.status)
    return redirect(url_for("fair_play.own"), code=303)
