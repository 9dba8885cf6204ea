"""The operator's commission: proposed by one person, agreed by another, fixed when a lot is published."""

import uuid
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import audit, clock, four_eyes
from marketplace.access import Actor, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.listings.fees import queries
from marketplace.listings.fees.models import LotCommission, PlatformTerms
from marketplace.listings.fees.rules import MOST_TERMS, FeeReason, Terms, check_terms
from marketplace.listings.models import Lot
from marketplace.listings.queries import lock_lot
from marketplace.rule_packs import load


def propose_terms(
    session: Session,
    actor: Actor,
    terms: Terms,
    *,
    rule_pack: str,
    currency: str,
    effective_from: datetime | None,
    reason: str,
    lot_id: uuid.UUID | None = None,
) -> PlatformTerms:
    """The first person of the operator: so much is taken from that side, from then on.

    Raises:
        Refused: the pack does not allow it, a number is none, no reason is given, or it begins before now.
        Conflict: the lot is published already: its bidders have seen what they pay.
        NotFound, NotAllowed: no such lot; as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    now = clock.now()
    lot = _unpublished(session, lot_id) if lot_id else None
    pack = load(lot.rule_pack if lot else rule_pack)
    check_terms(terms, pack)
    begins = effective_from or now
    if begins < now:
        raise Refused(FeeReason.BEGINS_IN_THE_PAST, field="effective_from")
    if len(queries.all_terms(session)) >= MOST_TERMS:
        raise Refused(FeeReason.TOO_MANY_TERMS)
    row = PlatformTerms(
        operator_id=actor.institution_id,
        rule_pack=pack.name,
        lot_id=lot.id if lot else None,
        currency=lot.currency if lot else currency,
        effective_from=begins,
        **asdict(terms),
        **four_eyes.proposed(actor, reason, now),
    )
    session.add(row)
    session.flush()
    _record(session, actor, "fees.propose", row)
    return row


def answer_terms(
    session: Session, actor: Actor, terms_id: uuid.UUID, *, agreed: bool, answer: str
) -> PlatformTerms:
    """The second person of the operator agrees, or does not.

    Raises:
        Refused: no reason is given.
        Conflict: they are answered, or the lot was published meanwhile.
        NotFound, NotAllowed: no such terms; the actor proposed them; as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    row = queries.lock_terms(session, terms_id)
    if agreed and row.lot_id is not None:
        _unpublished(session, row.lot_id)
    four_eyes.settle(row, actor, agreed=agreed, answer=answer, now=clock.now())
    _record(session, actor, "fees.answer", row)
    return row


def fix(session: Session, lot: Lot, now: datetime) -> None:
    """Keep for good what the lot runs under; one that was published before keeps what it had."""
    if lot.published_at is not None:
        return
    position = 0
    for terms in queries.terms_for(session, lot, now):
        for row in _rows(lot, terms, now):
            position += 1
            row.position = position
            session.add(row)
    session.flush()


def _rows(lot: Lot, terms: PlatformTerms, now: datetime) -> list[LotCommission]:
    """The commission, and out of it the share of the agency that will bring the price."""
    if not terms.table and terms.rate in {"", "0"} and not terms.least_minor:
        return []
    name = f"platform:{terms.borne_by}"
    own_money = terms.currency == lot.currency
    whole = LotCommission(
        lot_id=lot.id,
        party=str(terms.operator_id),
        name=name,
        borne_by=terms.borne_by,
        rate=terms.rate,
        table=terms.table,
        least_minor=terms.least_minor if own_money else 0,
        most_minor=terms.most_minor if own_money else None,
        terms_id=terms.id,
        fixed_at=now,
    )
    if terms.agency_share == "0":
        return [whole]
    share = LotCommission(
        lot_id=lot.id, party="", rate=terms.agency_share, share_of=name, terms_id=terms.id, fixed_at=now
    )
    return [whole, share]


def _unpublished(session: Session, lot_id: uuid.UUID) -> Lot:
    lot = lock_lot(session, lot_id)
    if lot.published_at is not None:
        raise Conflict(FeeReason.LOT_IS_PUBLISHED, field="lot")
    return lot


def _record(session: Session, actor: Actor, act: str, row: PlatformTerms) -> None:
    audit.record(
        session,
        act,
        row.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=row.answer or row.reason,
        pack=row.rule_pack,
        borne_by=row.borne_by,
        rate=row.rate or row.table,
        agreed=row.agreed,
    )
