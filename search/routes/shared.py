"""What the pages of the search share."""

from datetime import datetime

from flask import Blueprint

from marketplace import clock
from marketplace.clock import LOCAL_ZONE

blueprint = Blueprint("search", __name__, template_folder="../templates")


def now_here() -> datetime:
    """The moment of this request, in the zone in which days and weeks are counted."""
    return clock.now().astimezone(LOCAL_ZONE)
