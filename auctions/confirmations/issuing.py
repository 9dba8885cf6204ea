"""Issuing confirmations: once for each deal of an auction, drawn outside every transaction."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from auctions.confirmations import rows
from auctions.confirmations.drawing import draw
from auctions.confirmations.facts import facts_of
from auctions.models import Confirmation
from auctions.queries import find_auction
from marketplace import audit, clock
from marketplace.config import Config
from marketplace.db import atomic, db
from marketplace.deals.queries import find_deal, lock_deal
from marketplace.papers import new_code

log = structlog.get_logger()

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document that is drawn and not yet issued."""

    deal_id: uuid.UUID
    auction_id: uuid.UUID
    code: str
    issued_at: datetime
    facts: dict[str, Any]
    document: bytes


def issue_due() -> int:
    """Issue what is due; returns how many. A door: it opens its own transactions, one for each document."""
    return sum(_try(deal_id) for deal_id in rows.deals_without(db.session(), AT_ONCE))


def _try(deal_id: uuid.UUID) -> bool:
    """One that fails is logged and tried again at the next tick; the others do not wait for it."""
    try:
        return _issue(deal_id)
    except Exception:
        log.exception("confirmation_failed", deal_id=str(deal_id))
        return False


def _issue(deal_id: uuid.UUID) -> bool:
    drawn = _drawn(db.session(), deal_id)
    with atomic() as session:
        return issue(session, drawn)


def _drawn(session: Session, deal_id: uuid.UUID) -> Drawn:
    """Read what it says, let go of the database, and draw it."""
    settings: Config = current_app.extensions["settings"]
    deal = find_deal(session, deal_id)
    auction, code, now = find_auction(session, deal.source_id), new_code(), clock.now()
    facts = facts_of(session, deal, auction, code, settings.marketplace_name)
    auction_id = auction.id
    session.rollback()
    document = draw(facts, now, address(settings, code))
    return Drawn(deal_id, auction_id, code, now, facts, document)


def address(settings: Config, code: str) -> str:
    """Where anybody checks the code."""
    return f"{settings.public_url}/confirmations/{code}"


def issue(session: Session, drawn: Drawn) -> bool:
    """Keep the document for ever, unless another worker was faster; says whether it was kept."""
    lock_deal(session, drawn.deal_id)
    if rows.of_deal(session, drawn.deal_id) is not None:
        return False
    confirmation = Confirmation(
        deal_id=drawn.deal_id,
        auction_id=drawn.auction_id,
        code=drawn.code,
        issued_at=drawn.issued_at,
        facts=drawn.facts,
        document=drawn.document,
        digest=hashlib.sha256(drawn.document).hexdigest(),
    )
    session.add(confirmation)
    session.flush()
    audit.record(session, "auctions.confirm_sale", confirmation.id, deal=str(drawn.deal_id))
    return True
