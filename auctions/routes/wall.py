"""The operator's wall of running auctions, and the public page that says whether the platform is well."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from auctions import service
from auctions.asking import person_key, reading
from auctions.forms import PauseAllForm
from auctions.live import wall as walls
from auctions.live.fanout import hub
from auctions.live.wall import Health, WallRow
from auctions.outages.queries import interrupted_by
from auctions.routes.rooms import READS, seats
from auctions.routes.shared import blueprint
from marketplace import clock
from marketplace.access import Verb
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.heartbeat.queries import recent_outages
from marketplace.web import allowed, current_actor, limiter, public, show_refusal


@dataclass(frozen=True, slots=True)
class Wall:
    """What the templates read."""

    now: datetime
    rows: list[WallRow]
    health: Health


def _wall() -> Wall:
    now = clock.now()
    return Wall(now, walls.rows(reading(), now, hub().watchers()), _health(now))


def _health(now: datetime) -> Health:
    most = current_app.extensions["settings"].live_streams
    return walls.health(reading(), now, streams=seats().taken(), streams_most=most)


@blueprint.get("/wall")
@allowed(Verb.SEE_OPERATIONS)
def wall() -> str:
    """Every running auction in one list, with what one can do about all of them."""
    return _page(PauseAllForm(formdata=None))


def _page(form: PauseAllForm) -> str:
    return render_template("auctions/wall.html", wall=_wall(), form=form)


@blueprint.get("/wall/rows")
@allowed(Verb.SEE_OPERATIONS)
@limiter.limit(READS, key_func=person_key)
def wall_rows() -> Response:
    """The part of the wall that changes, for the script to put in place."""
    response = make_response(render_template("auctions/_wall.html", wall=_wall()))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/wall/suspend")
@allowed(Verb.CONTROL_AUCTION)
def suspend_all() -> BaseResponse | tuple[str, int]:
    """Every running auction stands still at once, for one reason that everybody reads."""
    form = PauseAllForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with atomic() as session:
            count = service.suspend_all(session, current_actor(), str(form.reason.data))
    except Refused as refused:
        show_refusal(form, refused)
        return _page(form), refused.status
    flash(ngettext("%(num)s auction stands still.", "%(num)s auctions stand still.", count), "done")
    return redirect(url_for("auctions.wall"), code=303)


@blueprint.get("/status")
@public
def status() -> str:
    """Whether the platform is well, and when it was not."""
    now, outages = clock.now(), recent_outages(reading())
    return render_template(
        "auctions/status.html",
        now=now,
        health=_health(now),
        outages=outages,
        counts=interrupted_by(reading(), outages),
    )
