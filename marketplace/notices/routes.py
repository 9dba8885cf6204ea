"""The page of notices."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.db import atomic, db
from marketplace.notices import queries, service
from marketplace.notices.rules import DECISIONS
from marketplace.notices.texts import notice_text
from marketplace.web import current_actor, signed_in

PAGE = 50

blueprint = Blueprint("notices", __name__, template_folder="templates")


@blueprint.get("/notices")
@signed_in
def inbox() -> str:
    """The notices, newest first, those that came since the last reading marked."""
    actor = current_actor()
    page = db.paginate(queries.notices_of(actor, clock.now()), per_page=PAGE, error_out=False)
    return render_template(
        "notices/index.html",
        notices=page,
        done=queries.done(db.session(), actor, page.items),
        read_until=queries.read_until(db.session(), actor.person_id),
        decisions=DECISIONS,
        notice_text=notice_text,
    )


@blueprint.post("/notices/read")
@signed_in
def mark_read() -> Response:
    with atomic() as session:
        service.mark_read(session, current_actor())
    return redirect(url_for("notices.inbox"), code=303)
