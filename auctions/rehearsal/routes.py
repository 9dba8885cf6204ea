"""The rehearsal of a lot: for its bank only, before or after it is published; nothing of it is stored."""

import uuid
from datetime import timedelta
from typing import Any

from flask import Response, jsonify, render_template, request, url_for

from auctions.asking import person_key, reading
from auctions.refusals import ScheduleReason
from auctions.rehearsal.forms import RehearsalForm
from auctions.rehearsal.rules import a_cast
from auctions.rehearsal.run import Interventions, Rehearsal, rehearse
from auctions.rehearsal.showing import as_scenario, frames_of
from auctions.rehearsal.texts import MANNERS, NEXT_ROUNDS
from auctions.routes.player import Player
from auctions.routes.shared import blueprint
from auctions.rules import Terms
from auctions.service.scheduling import terms_of
from auctions.texts import FAULTS
from marketplace import clock
from marketplace.access import Subject, Verb, require
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.queries import find_own_lot
from marketplace.listings.rules import WITH_OWN_END
from marketplace.web import allowed, current_actor, limiter, refusal_text

RUNS_PER_MINUTE = "60/minute"

_UNTIL_OPENING = timedelta(days=1)
_USUAL_LENGTH = timedelta(days=1)


@blueprint.get("/portfolio/lots/<uuid:lot_id>/rehearsal")
@allowed(Verb.SEE_PORTFOLIO)
@limiter.limit(RUNS_PER_MINUTE, key_func=person_key)
def rehearsal(lot_id: uuid.UUID) -> str | tuple[str, int]:
    """The form, and the run it asks for."""
    lot, form = _own_lot(lot_id), _form()
    if _asked() and not form.validate():
        return render_template("auctions/rehearsal.html", lot=lot, form=form, problem="", player=None), 422
    try:
        terms = _terms(lot)
    except Refused as refused:
        problem = refusal_text(_in_words(refused))
        page = render_template("auctions/rehearsal.html", lot=lot, form=form, problem=problem, player=None)
        return page, 422
    run = _run(terms, form)
    return render_template(
        "auctions/rehearsal.html",
        lot=lot,
        form=form,
        problem="",
        run=run,
        player=_player(lot, run, form),
        file=url_for("auctions.rehearsal_file", lot_id=lot.id, **_chosen(form)),
        manners=MANNERS,
        next_rounds=NEXT_ROUNDS,
    )


@blueprint.get("/portfolio/lots/<uuid:lot_id>/rehearsal.json")
@allowed(Verb.SEE_PORTFOLIO)
@limiter.limit(RUNS_PER_MINUTE, key_func=person_key)
def rehearsal_file(lot_id: uuid.UUID) -> Response:
    """The run as a scenario file."""
    lot, form = _own_lot(lot_id), _form()
    if not form.validate():
        raise NotFound("rehearsal")
    answer = jsonify(as_scenario(_run(_terms(lot), form), f"rehearsal-{lot.reference}"))
    answer.headers["Content-Disposition"] = "attachment; filename=rehearsal.json"
    return answer


def _own_lot(lot_id: uuid.UUID) -> Lot:
    actor = current_actor()
    lot = find_own_lot(reading(), actor.institution_id, lot_id)
    require(actor, Verb.SEE_PORTFOLIO, Subject(owner_id=lot.institution_id))
    return lot


def _form() -> RehearsalForm:
    """What the address asks for; a bare address asks for the usual run."""
    # A run changes nothing, so it needs no token against forgery.
    return RehearsalForm(request.args if _asked() else None, meta={"csrf": False})


def _asked() -> bool:
    return "bidders" in request.args


def _terms(lot: Lot) -> Terms:
    """The terms as they would be announced; without dates yet, for a day from tomorrow on."""
    opens_at = lot.opens_at or clock.now() + _UNTIL_OPENING
    closes_at = (lot.closes_at or opens_at + _USUAL_LENGTH) if lot.auction_format in WITH_OWN_END else None
    return terms_of(lot, opens_at, closes_at)


def _in_words(refused: Refused) -> Refused:
    if refused.reason is not ScheduleReason.TERMS_INCOMPLETE:
        return refused
    problem = str(refused.details["problem"])
    return Refused(
        refused.reason, refused.field, **refused.details | {"problem": FAULTS.get(problem, problem)}
    )


def _run(terms: Terms, form: RehearsalForm) -> Rehearsal:
    chosen = _chosen(form)
    seed = chosen["seed"]
    cast = a_cast(terms, chosen["bidders"], chosen["lowest"], chosen["highest"], seed)
    return rehearse(terms, cast, Interventions(pause=form.pause.data, default=form.default.data), seed)


def _chosen(form: RehearsalForm) -> dict[str, Any]:
    """The choices as they stand in an address."""
    return {name: int(value) for name, value in form.data.items() if value is not False}


def _player(lot: Lot, run: Rehearsal, form: RehearsalForm) -> Player:
    return Player(
        frames=frames_of(run),
        path=f"{url_for('auctions.rehearsal', lot_id=lot.id, **_chosen(form))}&",
        currency=lot.currency,
        opens_at=run.terms.opens_at,
        closed_at=run.state.closes_at,
    )
