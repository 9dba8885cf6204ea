"""What the frame of every page needs: where one can go, who is signed in, what time the server has."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import get_locale, lazy_gettext
from werkzeug.routing import BuildError

from marketplace import clock
from marketplace.access import Verb, may
from marketplace.language import LANGUAGES
from marketplace.parties.rules import InstitutionKind, Role
from marketplace.web import Visitor, visitor


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a menu."""

    url: str
    label: str
    current: bool = False


# Endpoint, label, and the verb one needs; None is open to everybody. What is not installed is left out.
MAIN: tuple[tuple[str, Any, Verb | None], ...] = (
    ("listings.lots", lazy_gettext("Lots"), None),
    ("search.page", lazy_gettext("Search"), None),
    ("transactions.sales", lazy_gettext("Prior sales"), None),
)
OWN: dict[InstitutionKind, tuple[tuple[str, Any, Verb | None], ...]] = {
    InstitutionKind.BANK: (),
    InstitutionKind.BUYER: (),
    InstitutionKind.AGENCY: (),
    InstitutionKind.OPERATOR: (),
    InstitutionKind.REGULATOR: (),
}
ACCOUNT: tuple[tuple[str, Any, Verb | None], ...] = ()
FOOTER: tuple[tuple[str, Any, Verb | None], ...] = (
    ("home.how_it_works", lazy_gettext("How it works"), None),
    ("home.rules", lazy_gettext("Rules"), None),
)

ROLES = {
    Role.OFFICER: lazy_gettext("Officer"),
    Role.APPROVER: lazy_gettext("Approver"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}


def frame() -> dict[str, Any]:
    """The variables of `base.html`."""
    person = visitor()
    return {
        "language": str(get_locale() or "zh"),
        "languages": LANGUAGES,
        "here": _here(),
        "server_now": clock.now(),
        "navigation": _menu((*MAIN, *_own_entries(person)), person),
        "footer_links": _menu(FOOTER, person),
        "account": _account(person) if person else None,
        "sign_in_url": address("parties.sign_in"),
    }


def address(endpoint: str, **values: Any) -> str | None:
    """The URL of an endpoint of any package, or None where that package is not installed."""
    if endpoint not in current_app.view_functions:
        return None
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None


def _here() -> str:
    if request.method != "GET":
        return "/"
    return request.full_path.rstrip("?")


def _own_entries(person: Visitor | None) -> tuple[tuple[str, Any, Verb | None], ...]:
    if person is None or not person.second_factor:
        return ()
    return OWN[person.actor.kind]


def _menu(entries: tuple[tuple[str, Any, Verb | None], ...], person: Visitor | None) -> list[Link]:
    """The entries that exist here and that this person may use."""
    links = []
    for endpoint, label, verb in entries:
        url = address(endpoint)
        if url and (verb is None or (person and may(person.actor, verb))):
            links.append(Link(url, str(label), request.endpoint == endpoint))
    return links


def _account(person: Visitor) -> dict[str, Any]:
    return {
        "name": person.name,
        "institution": person.institution,
        "roles": [str(ROLES[role]) for role in Role if role in person.actor.roles],
        "links": _menu(ACCOUNT, person),
        "notices_url": address("notices.inbox"),
        "unread": 0,
        "sign_out_url": address("parties.sign_out"),
    }
