"""The first page, the pages that explain, and the frame around every page."""

from flask import Blueprint, render_template

from marketplace import summaries
from marketplace.home.context import frame
from marketplace.web import public

blueprint = Blueprint("home", __name__, template_folder="templates")
blueprint.app_context_processor(frame)
for shorten in (summaries.short_number, summaries.short_money, summaries.axis_moment):
    blueprint.add_app_template_filter(shorten)


@blueprint.get("/")
@public
def index() -> str:
    """What this place is, what is on sale, and how a sale works."""
    return render_template("home/index.html")
