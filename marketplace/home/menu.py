"""Where one can go: menus, and the fragments other packages offer for the first page.

Later packages are known here by the names of their endpoints only; what is not installed is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext

from marketplace.access import Actor, Verb, may
from marketplace.parties.rules import InstitutionKind
from marketplace.web import Access, declared_access, optional_actor


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a menu, or a fragment of a page by its address."""

    url: str
    label: str
    current: bool = False


Entry = tuple[str, Any]

MAIN: tuple[Entry, ...] = (
    ("listings.lots", lazy_gettext("Lots")),
    ("auctions.blotter", lazy_gettext("Auctions")),
    ("search.page", lazy_gettext("Search")),
    ("transactions.sales", lazy_gettext("Prior sales")),
)

PORTFOLIO: Entry = ("listings.portfolio", lazy_gettext("Portfolio"))
DEALS: Entry = ("deals.deals", lazy_gettext("Deals"))
MANDATES: Entry = ("deals.mandates", lazy_gettext("Mandates"))
OFFERS: Entry = ("deals.offers", lazy_gettext("Offers"))
MONEY: Entry = ("payments.index", lazy_gettext("Money"))
INSTITUTIONS: Entry = ("parties.institutions", lazy_gettext("Institutions"))
WALL: Entry = ("auctions.wall", lazy_gettext("Wall"))
FAIR_PLAY: Entry = ("fair_play.leads", lazy_gettext("Fair play"))
DESK: Entry = ("payments.desk", lazy_gettext("Money desk"))

# What the institution works with, in the order of a deal.
DESKS: dict[InstitutionKind, tuple[Entry, ...]] = {
    InstitutionKind.BANK: (PORTFOLIO, OFFERS, DEALS, MANDATES, MONEY),
    InstitutionKind.BUYER: (OFFERS, DEALS, MANDATES, MONEY),
    InstitutionKind.AGENCY: (MANDATES, OFFERS, DEALS, MONEY),
    InstitutionKind.OPERATOR: (WALL, INSTITUTIONS, FAIR_PLAY, DEALS, DESK),
    InstitutionKind.REGULATOR: (WALL, FAIR_PLAY, DESK),
}

ACCOUNT: tuple[Entry, ...] = (
    ("parties.account", lazy_gettext("Account")),
    ("parties.people", lazy_gettext("People")),
    ("fair_play.own", lazy_gettext("Our ties")),
    ("auctions.opening_keys", lazy_gettext("Opening keys")),
)

FOOTER: tuple[Entry, ...] = (
    ("home.how_it_works", lazy_gettext("How it works")),
    ("home.rules", lazy_gettext("Rules")),
    ("listings.public_notices", lazy_gettext("Public notices of sale")),
    ("auctions.check_code", lazy_gettext("Check confirmations")),
    ("auctions.keys", lazy_gettext("Keys")),
    ("auctions.status", lazy_gettext("State of the platform")),
)

FIRST_PAGE: tuple[Entry, ...] = (
    ("auctions.blotter", lazy_gettext("Live and coming auctions")),
    ("listings.lots", lazy_gettext("On sale")),
    ("transactions.sales", lazy_gettext("Latest sales")),
)

TODAY: tuple[Entry, ...] = (
    ("parties.today_fragment", lazy_gettext("Institutions to verify")),
    ("listings.today_fragment", lazy_gettext("Lots")),
    ("procedure.today_fragment", lazy_gettext("Procedures")),
    ("auctions.today_fragment", lazy_gettext("Auctions")),
    ("fair_play.today_fragment", lazy_gettext("Fair play")),
    ("deals.today_fragment", lazy_gettext("Deals")),
    ("payments.today_fragment", lazy_gettext("Payments")),
    ("transactions.today_fragment", lazy_gettext("Trades")),
)


def main_menu() -> list[Link]:
    return _links(MAIN, optional_actor())


def desk(actor: Actor) -> list[Link]:
    """The pages of the actor's own kind of institution."""
    return _links(DESKS[actor.kind], actor)


def account_menu(actor: Actor) -> list[Link]:
    return _links(ACCOUNT, actor)


def footer_menu() -> list[Link]:
    return _links(FOOTER, optional_actor())


def parts_of_first_page() -> list[Link]:
    return _links(FIRST_PAGE, None)


def parts_of_today(actor: Actor) -> list[Link]:
    return _links(TODAY, actor)


def address(endpoint: str) -> str | None:
    """The URL of an endpoint that takes no values, or None where its package is not installed."""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint) if _takes_nothing(endpoint) else None


def _takes_nothing(endpoint: str) -> bool:
    return any(not rule.arguments for rule in current_app.url_map.iter_rules(endpoint))


def _links(entries: Iterable[Entry], actor: Actor | None) -> list[Link]:
    links = []
    for endpoint, label in entries:
        url = address(endpoint)
        if url is not None and _open_to(endpoint, actor):
            links.append(Link(url, str(label), _is_current(endpoint, url)))
    return links


def _open_to(endpoint: str, actor: Actor | None) -> bool:
    access = declared_access(current_app.view_functions[endpoint])
    if access is Access.PUBLIC:
        return True
    return actor is not None and (not isinstance(access, Verb) or may(actor, access))


def _is_current(endpoint: str, url: str) -> bool:
    """The entry's own page, or one below it."""
    return request.endpoint == endpoint or request.path.startswith(f"{url}/")
