"""Lots for the pages of the search, and how their answers are read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from builders import a_lot, a_right, an_institution
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from search import service

PRICED = [
    {"title": f"Glass {price}", "start_price_minor": price * 100} for price in (50_000, 200_000, 700_000)
]


def lots_of(session: Session, *changes: dict[str, Any], bank_name: str = "Harbour Bank") -> list[Lot]:
    """Lots in the index; `right` in a change are changes of its only right."""
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK, bank_name)
        bank.region = "CN-SD"
        lots = []
        for change in changes:
            right = a_right(session, bank, **change.pop("right", {}))
            lots.append(a_lot(session, bank, rights=[right], **change))
    service.index_changed()
    return lots


def titles(page: str) -> list[str]:
    return re.findall(r'<a href="/lots/[^"]+">(?:<mark>)?([^<]*)', page.split('id="facets"', maxsplit=1)[0])


def counts(client: FlaskClient, query: str = "") -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = client.get(f"/api/search{query}").get_json()["facets"]
    return found


@contextmanager
def statements(bind: str | None = None) -> Iterator[list[str]]:
    """The questions sent to the marketplace's database meanwhile."""
    sent: list[str] = []

    def note(_1: Any, _2: Any, statement: str, *_: Any) -> None:
        sent.extend([statement] if statement.startswith("SELECT") else [])

    engine = db.engines[bind]
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
