"""Where one can go: menus, and the fragments other packages offer for the first page.

Later packages are known here by the names of their endpoints only; what is not installed is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    ("watching.wanted", lazy_gettext("Wanted")),
    ("market.index", lazy_gettext("Market")),
)

PORTFOLIO: Entry = ("listings.portfolio", lazy_gettext("Portfolio"))
DEALS: Entry = ("deals.deals", lazy_gettext("Deals"))
MANDATES: Entry = ("deals.mandates", lazy_gettext("Mandates"))
OFFERS: Entry = ("deals.offers", lazy_gettext("Offers"))
MONEY: Entry = ("payments.index", lazy_gettext("Money"))
INSTITUTIONS: Entry = ("parties.institutions", lazy_gettext("Institutions"))
WALL: Entry = ("auctions.wall", lazy_gettext("Wall"))
FAIR_PLAY: Entry = ("fair_play.leads", lazy_gettext("Fair play"))
CONTRIBUTORS: Entry = ("sharing.desk", lazy_gettext("Contributors"))
DESK: Entry = ("payments.desk", lazy_gettext("Money desk"))
POOLS: Entry = ("compensation.pools", lazy_gettext("Risk compensation"))
SUBSIDIES: Entry = ("subsidies.programmes", lazy_gettext("Subsidies"))
DEBTS: Entry = ("disputes.debts", lazy_gettext("Debts"))
VALUATIONS: Entry = ("valuations.index", lazy_gettext("Valuations"))
DOCUMENTS: Entry = ("documents.index", lazy_gettext("Documents"))

# What the institution works with, in the order of a deal.
DESKS: dict[InstitutionKind, tuple[Entry, ...]] = {
    InstitutionKind.BANK: (PORTFOLIO, VALUATIONS, OFFERS, DEALS, MANDATES, MONEY),
    InstitutionKind.BUYER: (OFFERS, DEALS, MANDATES, MONEY),
    InstitutionKind.AGENCY: (MANDATES, OFFERS, DEALS, VALUATIONS, MONEY),
    InstitutionKind.OPERATOR: (WALL, INSTITUTIONS, FAIR_PLAY, DEALS, DESK, CONTRIBUTORS),
    InstitutionKind.REGULATOR: (WALL, FAIR_PLAY, DESK),
    InstitutionKind.FUND: (POOLS, SUBSIDIES, MONEY),
    InstitutionKind.INSURER: (POOLS, MONEY),
    InstitutionKind.GUARANTOR: (POOLS, MONEY),
}

# The rooms of money: a second line of the menu, on their own pages.
OWN_MONEY: tuple[Entry, ...] = (
    ("payments.index", lazy_gettext("Overview")),
    ("bookkeeping.own", lazy_gettext("Statement of account")),
    DOCUMENTS,
    ("spending.limit", lazy_gettext("Deposit for several lots")),
    ("cards.index", lazy_gettext("Saved cards")),
    ("bank.own_details", lazy_gettext("Bank details")),
    ("connect.account", lazy_gettext("How we pay you")),
    ("taxes.particulars", lazy_gettext("Particulars for invoices")),
    DEBTS,
    POOLS,
    SUBSIDIES,
)
ALL_MONEY: tuple[Entry, ...] = (
    ("payments.desk", lazy_gettext("Overview")),
    ("bank.index", lazy_gettext("Bank accounts")),
    ("bank.waiting_lines", lazy_gettext("Lines to assign")),
    ("bank.payees", lazy_gettext("Bank details")),
    ("guarantees.desk", lazy_gettext("Guarantee letters")),
    ("disputes.disputes", lazy_gettext("Disputes")),
    DEBTS,
    ("defaults.desk", lazy_gettext("After a default")),
    DOCUMENTS,
    ("reconciliation.index", lazy_gettext("Reconciliations")),
    ("payments.events", lazy_gettext("Notices of the gateway")),
    ("fees.terms", lazy_gettext("Commission")),
    POOLS,
    SUBSIDIES,
)
# The rooms of the record of sales, open to everybody.
MARKET: tuple[Entry, ...] = (
    ("market.index", lazy_gettext("Overview")),
    ("transactions.sales", lazy_gettext("Prior sales")),
    ("market.prices", lazy_gettext("Prices over time")),
    ("market.statistics", lazy_gettext("Statistics")),
    ("market.errors", lazy_gettext("Accuracy of estimates")),
    ("disclosure.ask", lazy_gettext("Questions of your own")),
    ("market.open_data", lazy_gettext("Open data")),
    ("sharing.contributors", lazy_gettext("Contributors")),
    ("price_log.checkpoints", lazy_gettext("Price log")),
    ("contest.league", lazy_gettext("Estimate contest")),
    ("correcting.index", lazy_gettext("Corrections of records")),
)
# Rooms with pages of one deal, lot or registration, to which no menu of the reader leads.
WITHIN_MONEY = frozenset({"bookkeeping", "guarantees", "rates", "risk_sharing", "defaults"})
OVERSEERS = frozenset({InstitutionKind.OPERATOR, InstitutionKind.REGULATOR})

ACCOUNT: tuple[Entry, ...] = (
    ("parties.account", lazy_gettext("Account")),
    ("watching.searches", lazy_gettext("Saved searches")),
    ("watching.lots", lazy_gettext("Watch list")),
    ("parties.people", lazy_gettext("People")),
    ("fair_play.own", lazy_gettext("Our ties")),
    ("auctions.opening_keys", lazy_gettext("Opening keys")),
    ("sharing.own", lazy_gettext("Our contributing")),
    ("disclosure.uses", lazy_gettext("Use of our sales")),
    ("disclosure.requests", lazy_gettext("Exact reading")),
)

FOOTER: tuple[Entry, ...] = (
    ("home.how_it_works", lazy_gettext("How it works")),
    ("home.rules", lazy_gettext("Rules")),
    ("listings.public_notices", lazy_gettext("Public notices of sale")),
    ("auctions.check_code", lazy_gettext("Check confirmations")),
    ("valuations.check_code", lazy_gettext("Check valuation reports")),
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
    ("compensation.today_fragment", lazy_gettext("Risk compensation")),
    ("subsidies.today_fragment", lazy_gettext("Subsidies")),
    ("transactions.today_fragment", lazy_gettext("Trades")),
    ("sharing.today_fragment", lazy_gettext("Contributors")),
)


def main_menu() -> list[Link]:
    """The entries for everybody; that of the market is the current one in all its rooms."""
    market = address(MARKET[0][0]) if _room_of(request.endpoint) in _rooms_of(MARKET) else None
    links = _links(MAIN, optional_actor())
    return [replace(link, current=link.current or link.url == market) for link in links]


def desk(actor: Actor) -> list[Link]:
    """The pages of the actor's own kind of institution."""
    return _links(DESKS[actor.kind], actor)


def rooms(actor: Actor | None) -> tuple[Any, list[Link]]:
    """The rooms of money or of the market and their common name, on a page of one of them; else none."""
    here = _room_of(request.endpoint)
    if here in _rooms_of(MARKET):
        return lazy_gettext("Market"), _nearest(_links(MARKET, actor))
    if actor is None:
        return "", []
    entries = ALL_MONEY if actor.kind in OVERSEERS else OWN_MONEY
    if here not in WITHIN_MONEY | _rooms_of(entries):
        return "", []
    return lazy_gettext("Money"), _nearest(_links(entries, actor))


def _room_of(endpoint: str | None) -> str:
    return (endpoint or "").partition(".")[0]


def _rooms_of(entries: Iterable[Entry]) -> frozenset[str]:
    return frozenset(_room_of(endpoint) for endpoint, _ in entries)


def _nearest(links: list[Link]) -> list[Link]:
    """Only the entry nearest to the page is the current one."""
    nearest = max((link.url for link in links if link.current), key=len, default="")
    return [replace(link, current=link.url == nearest) for link in links]


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
    return request.endpoint == endpoint or f"{request.path}/".startswith(f"{url}/")
