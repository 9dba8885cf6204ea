"""The first page, the pages that explain, and the frame around every page."""

from flask import Blueprint, render_template

from marketplace.home.context import frame
from marketplace.web import public

blueprint = Blueprint("home", __name__, template_folder="templates")
blueprint.app_context_processor(frame)


@blueprint.get("/")
@public
def index() -> str:
    """What this place is, what is on sale, and how a sale works."""
    return render_template("home/index.html")
