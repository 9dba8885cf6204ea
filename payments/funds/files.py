"""Files to be saved, and the period that a list is asked for."""

from datetime import datetime, time, timedelta

from flask import Response, request

from marketplace.clock import LOCAL_ZONE
from payments.funds.forms import PeriodForm


def download(content: bytes, name: str, media_type: str) -> Response:
    """A file that is saved, never shown within the site, and kept by no cache."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def period() -> tuple[datetime, datetime] | None:
    """From the first day's beginning to the last day's end, in the marketplace's zone; None for no period."""
    form = PeriodForm(request.args)
    if not form.validate() or form.since.data is None or form.until.data is None:
        return None
    since = datetime.combine(form.since.data, time(), LOCAL_ZONE)
    return since, datetime.combine(form.until.data + timedelta(days=1), time(), LOCAL_ZONE)
