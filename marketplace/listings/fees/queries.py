"""Named selects of the platform's terms and of what was fixed for a lot."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.commission import Bearer, Commission, buyer_borne
from marketplace.errors import NotFound
from marketplace.listings.fees.models import LotCommission, PlatformTerms
from marketplace.listings.fees.rules import MOST_TERMS, Standing, chosen
from marketplace.listings.models import Lot


def all_terms(session: Session) -> Sequence[PlatformTerms]:
    """What the operator has proposed and agreed, the latest first."""
    statement = select(PlatformTerms).order_by(PlatformTerms.proposed_at.desc(), PlatformTerms.id)
    return session.scalars(statement.limit(MOST_TERMS)).all()


def lock_terms(session: Session, terms_id: uuid.UUID) -> PlatformTerms:
    """The terms, read anew and locked; raises NotFound."""
    statement = select(PlatformTerms).where(PlatformTerms.id == terms_id).with_for_update(of=PlatformTerms)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("terms")
    return found


def terms_for(session: Session, lot: Lot, at: datetime) -> list[PlatformTerms]:
    """The agreed terms that the lot runs under when it is published at that moment, seller's side first."""
    statement = select(PlatformTerms).where(
        PlatformTerms.agreed.is_(True),
        PlatformTerms.rule_pack == lot.rule_pack,
        or_(PlatformTerms.lot_id == lot.id, PlatformTerms.lot_id.is_(None)),
    )
    rows = {
        Standing(row.borne_by, row.lot_id is not None, row.effective_from, row.proposed_at): row
        for row in session.scalars(statement.order_by(PlatformTerms.proposed_at))
    }
    return [rows[standing] for standing in chosen(rows, at)]


def fixed_for(session: Session, lot_id: uuid.UUID) -> Sequence[LotCommission]:
    """The commissions that were fixed at the lot's publication, in their order."""
    statement = select(LotCommission).where(LotCommission.lot_id == lot_id)
    return session.scalars(statement.order_by(LotCommission.position)).all()


def commissions_for(
    session: Session, lot_id: uuid.UUID, agency_id: uuid.UUID | None
) -> tuple[Commission, ...]:
    """The platform's commissions on the lot; an agency's share only where an agency brought the price."""
    found = []
    for row in fixed_for(session, lot_id):
        party = row.party or (str(agency_id) if agency_id else "")
        if party:
            found.append(_commission(row, party))
    return tuple(found)


def buyers_part(session: Session, lot_id: uuid.UUID, price_minor: int, currency: str) -> int:
    """What a buyer pays the platform on top of that price, in minor units."""
    return buyer_borne(commissions_for(session, lot_id, None), price_minor, currency)


def _commission(row: LotCommission, party: str) -> Commission:
    return Commission(
        to=party,
        rate=None if row.table else row.fraction,
        table=row.table or None,
        borne_by=Bearer(row.borne_by) if row.borne_by else None,
        share_of=row.share_of or None,
        least=row.least_minor,
        most=row.most_minor,
        name=row.name,
    )


def lot_by_reference(session: Session, reference: str) -> Lot:
    """The lot with this reference; the one drafted last where two banks use the same. Raises NotFound."""
    statement = select(Lot).where(Lot.reference == reference).order_by(Lot.drafted_at.desc())
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound("lot")
    return found
