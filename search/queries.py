"""What the search reads from the database. Lots come in batches, states whole: three columns."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from auctions.models import Auction
from auctions.rules import Outcome
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES, LotStatus
from marketplace.parties.models import Institution
from marketplace.rights.models import Right
from search.documents import moment

BATCH = 200


class State(NamedTuple):
    """What decides whether a lot's document must be written again; `changed_at` is the document's."""

    id: uuid.UUID
    changed_at: datetime
    status: LotStatus


def states_since(session: Session, since: datetime | None) -> list[State]:
    """The states of lots whose document changed at or after `since`, oldest first; of all lots for None."""
    columns = Lot.id, Lot.changed_at, Lot.status, Institution.region_stated_at
    every = select(*columns).join(Institution, Institution.id == Lot.institution_id)
    asked = [every]
    if since is not None:
        moved = select(Institution.id).where(Institution.region_stated_at >= since)
        asked = [every.where(Lot.changed_at >= since), every.where(Lot.institution_id.in_(moved))]
    found = {
        State(lot_id, moment(changed_at, region_stated_at), status)
        for statement in asked
        for lot_id, changed_at, status, region_stated_at in session.execute(statement)
    }
    return sorted(found, key=lambda state: (state.changed_at, state.id))


def public_lots(session: Session, ids: Iterable[uuid.UUID]) -> list[Lot]:
    """Those of the lots that anybody may see, with their rights, read anew.

    The status is looked at here: asked for both, SQLite would rather go through all public lots.
    """
    statement = select(Lot).where(Lot.id.in_(list(ids))).options(selectinload(Lot.rights))
    found = session.scalars(statement.execution_options(populate_existing=True))
    return [lot for lot in found if lot.status in PUBLIC_STATUSES]


def count_public_lots(session: Session, most: int) -> int:
    """How many lots anybody may see, counted no further than `most`."""
    some = select(Lot.id).where(Lot.status.in_(PUBLIC_STATUSES)).limit(most).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def public_titles(session: Session, ids: Sequence[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
    """Ids and titles of those of the lots that anybody may see, in the order given."""
    found = session.execute(select(Lot.id, Lot.title, Lot.status).where(Lot.id.in_(ids)))
    titles = {row.id: row.title for row in found if row.status in PUBLIC_STATUSES}
    return [(lot_id, titles[lot_id]) for lot_id in ids if lot_id in titles]


def load_encumbrances(session: Session, lots: Sequence[Lot]) -> None:
    """Read what lies on the rights of these lots in one go, before each right would ask for itself."""
    rights = [right.id for lot in lots for right in lot.rights]
    statement = select(Right).where(Right.id.in_(rights)).options(selectinload(Right.encumbrances))
    session.scalars(statement.execution_options(populate_existing=True)).all()


def public_lots_after(session: Session, last: uuid.UUID | None) -> list[Lot]:
    """The next batch of public lots in the order of their ids."""
    statement = select(Lot).where(Lot.status.in_(PUBLIC_STATUSES)).order_by(Lot.id).limit(BATCH)
    if last is not None:
        statement = statement.where(Lot.id > last)
    return list(session.scalars(statement.options(selectinload(Lot.rights))))


def institution_names(session: Session, ids: Iterable[uuid.UUID]) -> dict[str, str]:
    """The names of institutions by their ids as texts."""
    statement = select(Institution.id, Institution.name).where(Institution.id.in_(list(ids)))
    return {str(institution_id): name for institution_id, name in session.execute(statement)}


def open_auctions(session: Session, lot_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Auction]:
    """The running or coming auction of each lot that has one."""
    statement = select(Auction).where(Auction.lot_id.in_(lot_ids)).order_by(Auction.attempt)
    found = session.scalars(statement)
    return {auction.lot_id: auction for auction in found if auction.outcome is Outcome.OPEN}
