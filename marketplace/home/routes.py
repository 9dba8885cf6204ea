"""The first page, the pages that explain, and the frame around every page."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, render_template

from marketplace import clock, rule_packs, summaries
from marketplace.errors import NotFound
from marketplace.home.context import frame
from marketplace.home.menu import desk, main_menu, parts_of_first_page, parts_of_today
from marketplace.home.words import pack_rows
from marketplace.web import optional_actor, public

blueprint = Blueprint("home", __name__, template_folder="templates")
blueprint.app_context_processor(frame)
for shorten in (summaries.short_number, summaries.short_money, summaries.axis_moment, summaries.figure):
    blueprint.add_app_template_filter(shorten)

# RFC 9116 §2.5.5: less than a year ahead.
SECURITY_TEXT_LASTS = timedelta(days=90)


@blueprint.get("/")
@public
def index() -> str:
    """For visitors what this place is; for the signed-in what is due today."""
    actor = optional_actor()
    if actor is None:
        return render_template("home/index.html", parts=parts_of_first_page(), starts=main_menu())
    return render_template(
        "home/today.html", parts=parts_of_today(actor), own=desk(actor), verified=actor.verified
    )


@blueprint.get("/help")
@public
def how_it_works() -> str:
    return render_template("home/how_it_works.html")


@blueprint.get("/rules")
@public
def rules() -> str:
    """Every number of every rule pack with its source and how well it is founded."""
    packs = [rule_packs.load(name) for name in rule_packs.NAMES]
    return render_template("home/rules.html", packs=[(pack, pack_rows(pack)) for pack in packs])


@blueprint.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Where to report a weakness (RFC 9116); 404 where the operator has set no contact."""
    contact = current_app.extensions["settings"].security_contact
    if not contact:
        raise NotFound("security.txt")
    expires = clock.moment_text((clock.now() + SECURITY_TEXT_LASTS).replace(microsecond=0))
    text = f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: zh, en\n"
    return Response(text, mimetype="text/plain")
