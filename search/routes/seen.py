"""The lots a visitor looked at last."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.web import public
from search import seen
from search.routes.shared import blueprint


@blueprint.after_app_request
def note_the_lot_seen(response: Response) -> Response:
    """A lot's page knows nothing of the search, so the search looks at what was shown."""
    if request.endpoint == "listings.lot" and request.method == "GET" and response.status_code == 200:
        seen.note((request.view_args or {})["lot_id"])
    return response


@blueprint.post("/search/seen/forget")
@public
def forget_seen() -> Response:
    """Clear the list."""
    seen.forget()
    return redirect(url_for("search.page"), code=303)
