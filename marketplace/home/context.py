"""What the frame of every page needs: where one can go, who is signed in, what time the server has."""

from typing import Any

import structlog
from flask import request
from flask_babel import get_locale
from sqlalchemy.exc import SQLAlchemyError

from marketplace import clock
from marketplace.access import Actor
from marketplace.db import db
from marketplace.home.menu import account_menu, address, desk, footer_menu, main_menu, rooms
from marketplace.home.words import ROLES
from marketplace.language import LANGUAGES
from marketplace.notices import queries as notices
from marketplace.parties.rules import Role
from marketplace.web import Visitor, optional_actor, visitor

log = structlog.get_logger()


def frame() -> dict[str, Any]:
    """The variables of `base.html`, and `fragment_frame`, which a fragment's template extends.

    A fragment asked for by htmx comes bare; one followed as a link comes as a whole page.
    """
    person, actor = visitor(), optional_actor()
    rooms_name, other_rooms = rooms(actor)
    return {
        "language": str(get_locale() or "zh"),
        "languages": LANGUAGES,
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
        "server_now": clock.now(),
        "navigation": [*main_menu(), *(desk(actor) if actor else ())],
        "rooms": other_rooms,
        "rooms_name": rooms_name,
        "footer_links": footer_menu(),
        "account": _account(person, actor) if person else None,
        "sign_in_url": address("parties.sign_in"),
        "fragment_frame": "_bare.html" if request.headers.get("HX-Request") else "base.html",
    }


def _account(person: Visitor, actor: Actor | None) -> dict[str, Any]:
    return {
        "name": person.name,
        "institution": person.institution,
        "roles": [str(ROLES[role]) for role in Role if role in person.actor.roles],
        "links": account_menu(actor) if actor else [],
        "notices_url": address("notices.inbox") if actor else None,
        "unread": _unread(actor) if actor else 0,
        "sign_out_url": address("parties.sign_out"),
    }


def _unread(actor: Actor) -> int:
    """New notices; none is said when the database does not answer, so that its error page still shows."""
    try:
        return notices.count_unread(db.session(), actor, clock.now())
    except SQLAlchemyError as error:
        log.warning("notices_not_counted", error=str(error))
        return 0
