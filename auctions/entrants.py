"""Bidders as deciding their acts needs them: a few columns of their registrations.

A hundred acts may be decided together, so they are read by statements built once, past the session, as rows
and not as objects that follow their tables.
"""

import uuid
from collections.abc import Collection
from typing import NamedTuple, Protocol, cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from auctions.models import JournalEntry, Registration
from marketplace.db import Model
from marketplace.deals.models import Mandate
from marketplace.errors import NotFound
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus


class Owner(Protocol):
    """Whose an entry of the journal is: a registration or an entrant."""

    @property
    def id(self) -> uuid.UUID: ...

    @property
    def alias(self) -> str: ...


class Entrant(NamedTuple):
    """A registration at one moment.

    Attributes:
        id: of the registration.
        verified: whether the operator has verified the institution that would own the right.
    """

    id: uuid.UUID
    alias: str
    priority_order: int | None
    admitted: bool
    barred: str
    deposit_held: bool
    spending_limit_id: uuid.UUID | None
    verified: bool


def _columns(model: type[Model]) -> Table:
    return cast("Table", model.__table__)


_R, _I, _M, _J = (_columns(model) for model in (Registration, Institution, Mandate, JournalEntry))
_ACTING = func.coalesce(_M.c.agency_id, _R.c.institution_id)
_COLUMNS = (
    _R.c.id,
    _R.c.alias,
    _R.c.priority_order,
    _R.c.admitted,
    _R.c.barred,
    _R.c.deposit_held,
    _R.c.spending_limit_id,
    _I.c.status == InstitutionStatus.VERIFIED,
)
_ENTRANTS = (
    select(_ACTING, *_COLUMNS)
    .select_from(_R.join(_I, _I.c.id == _R.c.institution_id).outerjoin(_M, _M.c.id == _R.c.mandate_id))
    .where(_R.c.auction_id == bindparam("auction_id"))
)
_BY_ACTING = _ENTRANTS.where(_ACTING.in_(bindparam("acting", expanding=True)))
_BY_ALIAS = _ENTRANTS.where(_R.c.alias == bindparam("alias"))
_KNOWN_KEYS = select(_J.c.id).where(
    _J.c.auction_id == bindparam("auction_id"), _J.c.idempotency_key.in_(bindparam("keys", expanding=True))
)


def entrants_acting(
    session: Session, auction_id: uuid.UUID, acting_institution_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Entrant]:
    """Who bids for each of these institutions, by institution: itself, or the client of its mandate."""
    given = {"auction_id": auction_id, "acting": list(acting_institution_ids)}
    return {row[0]: Entrant(*row[1:]) for row in session.connection().execute(_BY_ACTING, given)}


def entrant_by_alias(session: Session, auction_id: uuid.UUID, alias: str) -> Entrant:
    """The entrant behind an alias; raises NotFound."""
    row = session.execute(_BY_ALIAS, {"auction_id": auction_id, "alias": alias}).one_or_none()
    if row is None:
        raise NotFound("registration")
    return Entrant(*row[1:])


def entries_by_key(
    session: Session, auction_id: uuid.UUID, keys: Collection[str]
) -> dict[str | None, JournalEntry]:
    """The entries that these idempotency keys have already led to, by key: mostly none."""
    given = {"auction_id": auction_id, "keys": list(keys)}
    found = session.connection().scalars(_KNOWN_KEYS, given).all()
    if not found:
        return {}
    entries = session.scalars(select(JournalEntry).where(JournalEntry.id.in_(found)))
    return {entry.idempotency_key: entry for entry in entries}
