"""What parties have stated."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments.taxes.models import ContractRegistration, Particulars


def particulars_of(session: Session, institution_id: uuid.UUID) -> Particulars | None:
    """What the institution stated last; None where it never did."""
    statement = (
        select(Particulars)
        .where(Particulars.institution_id == institution_id)
        .order_by(Particulars.stated_at.desc(), Particulars.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def registration_of(session: Session, deal_id: uuid.UUID) -> ContractRegistration | None:
    """The registration of the deal's contract; None where none is recorded."""
    statement = select(ContractRegistration).where(ContractRegistration.deal_id == deal_id)
    return session.scalars(statement).one_or_none()
