"""Named selects of payees' accounts at the gateway."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments.connect.models import ConnectedAccount


def account_of(session: Session, institution_id: uuid.UUID) -> ConnectedAccount | None:
    statement = select(ConnectedAccount).where(ConnectedAccount.institution_id == institution_id)
    return session.scalars(statement).one_or_none()


def lock_account(session: Session, gateway_object: str) -> ConnectedAccount | None:
    """The account with that id at the gateway, read anew and locked."""
    statement = select(ConnectedAccount).where(ConnectedAccount.gateway_object == gateway_object)
    statement = statement.with_for_update(of=ConnectedAccount).execution_options(populate_existing=True)
    return session.scalars(statement).one_or_none()
