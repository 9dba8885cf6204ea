"""The operator's list of the card gateway's notices: those that had no effect yet, or never will."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access import Verb
from marketplace.db import atomic, db
from marketplace.web import allowed, current_actor
from payments import queries, service
from payments.routes.shared import blueprint
from payments.rules import EventStatus

PER_PAGE = 50


@blueprint.get("/money/events")
@allowed(Verb.SEE_OPERATIONS)
def events() -> str:
    """Notices that wait, were let go or have failed; with `status` those of one status."""
    asked = request.args.get("status", "")
    status = EventStatus(asked) if asked in set(EventStatus) else None
    return render_template(
        "payments/events.html",
        events=db.paginate(queries.events_listed(status), per_page=PER_PAGE, error_out=False),
        status=status,
        statuses=tuple(EventStatus),
    )


@blueprint.post("/money/events/<event_id>/retry")
@allowed(Verb.CONFIRM_MONEY)
def retry_event(event_id: str) -> Response:
    """Have a notice tried again."""
    with atomic() as session:
        service.retry(session, current_actor(), event_id)
    return redirect(url_for("payments.events"), code=303)
