"""The door to the gateways: each open hold and charge is looked up outside of any transaction."""

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.db import atomic, db
from marketplace.errors import MarketplaceError
from payments.gateways import Gateway, GatewayState
from payments.gateways.registry import Gateways
from payments.reconciliation import queries, rules, service
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.rules import Booked, Comparison, Difference, Part
from payments.rules import Method

# So many are looked up in a run unless it is told otherwise.
MOST = 1000
_PORTION = 50

Page = Callable[[uuid.UUID | None, int], Select[Any]]


def reconcile(known: Gateways, *, most: int = MOST, person_id: uuid.UUID | None = None) -> Reconciliation:
    """Compare everything and keep the result.

    Args:
        known: without the gateway that holds and charges were made through, those are left over.
        most: how many of them are looked up at most.
        person_id: who asked for it.
    """
    began_at, found = clock.now(), Comparison()
    session = _one_moment()
    service.compare_entries(session, found)
    service.compare_rows(session, found)
    service.compare_bank(session, found)
    session.rollback()
    gateway = known.get(Method.STRIPE)
    for kind, page in (("deposit", queries.open_holds), ("payment", queries.open_charges)):
        most -= _ask_about(gateway, kind, page, most, found)
    with atomic() as writing:
        return service.write_down(writing, found, began_at, person_id)


def _one_moment() -> Session:
    """A session that reads everything as it was at one moment, while money goes on moving."""
    session = db.session()
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


def _ask_about(gateway: Gateway | None, kind: str, page: Page, most: int, found: Comparison) -> int:
    """Look up the rows of one kind, portion by portion; returns how many were looked up."""
    last, asked = None, 0
    while rows := _read(page(last, _PORTION)):
        for row in rows:
            last = row.id
            if gateway is None or asked >= most:
                found.left += 1
                continue
            asked += 1
            found.note(Part.GATEWAY, _differing(gateway, kind, row), 1)
    return asked


def _read(statement: Select[Any]) -> list[Any]:
    """The rows, without a transaction left open behind them."""
    session = db.session()
    rows = list(session.scalars(statement))
    session.expunge_all()
    session.rollback()
    return rows


def _differing(gateway: Gateway, kind: str, row: Any) -> list[Difference]:
    """What the gateway says otherwise of a row; where money moved just then, it is asked once more."""
    what = f"{kind} {row.id} ({row.gateway_object})"
    for _ in range(2):
        before = _booked(row)
        try:
            state: GatewayState = gateway.look_up(row.gateway_object)
        except MarketplaceError as unanswered:
            return [Difference(Part.GATEWAY, what, str(before), f"no answer: {unanswered}")]
        if rules.agrees(before, state, row.currency):
            return []
        if _booked(row) == before:
            break
    return [Difference(Part.GATEWAY, what, str(before), rules.said(state))]


def _booked(row: Any) -> Booked:
    session: Session = db.session()
    answer = queries.booked(session, row)
    session.rollback()
    return answer
