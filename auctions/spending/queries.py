"""Reads of spending limits."""

import uuid
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions.models import Registration
from auctions.spending.models import SpendingLimit


def limit_of(session: Session, institution_id: uuid.UUID, currency: str) -> SpendingLimit | None:
    """The institution's limit in a currency; None where it never had one."""
    return session.scalars(
        select(SpendingLimit).filter_by(institution_id=institution_id, currency=currency)
    ).one_or_none()


def lock_limits(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, SpendingLimit]:
    """The limits, locked in the order of their ids: two auctions never wait for each other."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    statement = (
        select(SpendingLimit).where(SpendingLimit.id.in_(wanted)).order_by(SpendingLimit.id).with_for_update()
    )
    rows = session.scalars(statement.execution_options(populate_existing=True))
    return {row.id: row for row in rows}


def bound_elsewhere(session: Session, limit_id: uuid.UUID, registration_id: uuid.UUID | None) -> int:
    """What the bids in all other auctions bind of the deposit, in minor units. The limit must be locked."""
    statement = select(func.coalesce(func.sum(Registration.bound_minor), 0)).where(
        Registration.spending_limit_id == limit_id, Registration.id != registration_id
    )
    return int(session.scalars(statement).one())


def backed_registrations(session: Session, limit_id: uuid.UUID) -> list[Registration]:
    """The registrations that the limit stands for and that bind something of it."""
    statement = select(Registration).where(
        Registration.spending_limit_id == limit_id, Registration.bound_minor > 0
    )
    return list(session.scalars(statement.order_by(Registration.registered_at)))
