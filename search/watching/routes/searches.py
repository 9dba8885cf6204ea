"""Saved searches: the list, saving one, its page with what it found."""

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access import Verb, may
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.listings.texts import LOT_TONES
from marketplace.web import current_actor, limiter, refusal_text, show_refusal, signed_in
from search.texts import STATUSES
from search.watching import queries
from search.watching.forms import SearchForm, own_choices
from search.watching.models import SavedSearch
from search.watching.routes.shared import Page, as_query, blueprint, described, reading
from search.watching.rules.words import SEARCHES_LIMIT, Channel
from search.watching.service import searches as service
from search.watching.texts import CHANNELS, FREQUENCIES

MATCHES_A_PAGE = 20


@blueprint.get("/watching")
@signed_in
def searches() -> str:
    """The actor's own searches, each with what it looks for and what it found last."""
    actor = current_actor()
    own = queries.searches_of(reading(), actor.person_id)
    return render_template(
        "watching/searches.html",
        rows=[(search, described(search.arguments)) for search in own],
        found=queries.last_matches(reading(), [search.id for search in own]),
        frequencies=FREQUENCIES,
        channels=CHANNELS,
        wants_mail=queries.wants_mail(reading(), actor.person_id),
        most=SEARCHES_LIMIT,
    )


@blueprint.get("/watching/new")
@signed_in
def new_search() -> Page:
    """Name a search and say how often and how one wants to be told of it."""
    arguments = request.args.to_dict(flat=False)
    form = _form(SearchForm(formdata=None))
    form.query.data, form.name.data = as_query(arguments), request.args.get("q", "").strip()[:120]
    try:
        service.checked(arguments)
    except Refused as refused:
        return _new(form, refusal_text(refused)), refused.status
    return _new(form)


@blueprint.post("/watching/searches")
@limiter.limit("30/minute")
@signed_in
def save() -> Page:
    """Keep it, as a new search or instead of what another one looked for."""
    form = _form(SearchForm())
    if not form.validate_on_submit():
        return _new(form), 422
    try:
        with atomic() as session:
            if form.instead_of.data:
                search_id = uuid.UUID(form.instead_of.data)
                service.edit(session, current_actor(), search_id, form.wish, form.arguments)
            else:
                search_id = service.save(session, current_actor(), form.wish, form.arguments).id
    except Refused as refused:
        show_refusal(form, refused)
        return _new(form), refused.status
    return redirect(url_for("watching.search", search_id=search_id), code=303)


@blueprint.get("/watching/searches/<uuid:search_id>")
@signed_in
def search(search_id: uuid.UUID) -> str:
    """A search, and the lots it found that are still to be seen."""
    found = queries.own_search(reading(), current_actor(), search_id)
    return render_template(
        "watching/search.html",
        search=found,
        asked=described(found.arguments),
        matches=db.paginate(queries.matches_of(found.id), per_page=MATCHES_A_PAGE, error_out=False),
        frequencies=FREQUENCIES,
        ways=[str(CHANNELS[Channel(name)]) for name in found.channels],
        statuses=STATUSES,
        tones=LOT_TONES,
    )


@blueprint.get("/watching/searches/<uuid:search_id>/edit")
@signed_in
def edit(search_id: uuid.UUID) -> str:
    found = queries.own_search(reading(), current_actor(), search_id)
    values = {"name": found.name, "frequency": found.frequency.value, "channels": found.channels}
    return _edit(found, SearchForm(formdata=None, data=values))


@blueprint.post("/watching/searches/<uuid:search_id>/edit")
@signed_in
def store_edit(search_id: uuid.UUID) -> Page:
    """Another name, frequency or channel."""
    found = queries.own_search(reading(), current_actor(), search_id)
    form = SearchForm()
    del form.instead_of
    if not form.validate_on_submit():
        return _edit(found, form), 422
    try:
        with atomic() as session:
            service.edit(session, current_actor(), search_id, form.wish)
    except Refused as refused:
        show_refusal(form, refused)
        return _edit(found, form), refused.status
    return redirect(url_for("watching.search", search_id=search_id), code=303)


@blueprint.post("/watching/searches/<uuid:search_id>/pause")
@signed_in
def pause(search_id: uuid.UUID) -> Response:
    with atomic() as session:
        service.pause(session, current_actor(), search_id)
    return redirect(url_for("watching.search", search_id=search_id), code=303)


@blueprint.post("/watching/searches/<uuid:search_id>/resume")
@signed_in
def resume(search_id: uuid.UUID) -> Response:
    with atomic() as session:
        service.resume(session, current_actor(), search_id)
    return redirect(url_for("watching.search", search_id=search_id), code=303)


@blueprint.post("/watching/searches/<uuid:search_id>/delete")
@signed_in
def delete(search_id: uuid.UUID) -> Response:
    with atomic() as session:
        service.delete(session, current_actor(), search_id)
    return redirect(url_for("watching.searches"), code=303)


def _form(form: SearchForm) -> SearchForm:
    form.instead_of.choices = own_choices(queries.searches_of(reading(), current_actor().person_id))
    return form


def _new(form: SearchForm, problem: str = "") -> str:
    return render_template(
        "watching/new.html",
        form=form,
        asked=described(_arguments(form)),
        problem=problem,
        may_publish=may(current_actor(), Verb.PUBLISH_WANTED),
    )


def _arguments(form: SearchForm) -> dict[str, list[str]]:
    try:
        return dict(form.arguments)  # type: ignore[arg-type]
    except Refused:
        return {}


def _edit(search: SavedSearch, form: SearchForm) -> str:
    return render_template("watching/edit.html", search=search, form=form, asked=described(search.arguments))
