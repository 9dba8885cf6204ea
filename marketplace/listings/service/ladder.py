"""What the ladder of attempts does to a lot: a failure, another offer, leaving the market."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor
from marketplace.errors import Conflict
from marketplace.listings import queries
from marketplace.listings.content import content_hash
from marketplace.listings.models import Lot
from marketplace.listings.rules import FOR_SALE, ListingReason, LotStatus
from marketplace.listings.service.moves import move
from marketplace.listings.terms import LotTerms, check_ready
from marketplace.listings.wholes import WholeReason
from marketplace.rule_packs import load


def attempt_failed(
    session: Session, lot: Lot, *, start_price_minor: int, found_no_buyer: bool, at: datetime
) -> None:
    """An attempt to sell the lot ended without a sale that stands; one without a buyer ends its round.

    The lot must be locked. `start_price_minor` is what the attempt started at, in the lot's minor units.
    """
    lot.failed_at = at if found_no_buyer else None
    if found_no_buyer:
        lot.round, lot.previous_start_price_minor = lot.round + 1, start_price_minor
    audit.record(session, "listings.attempt_failed", lot.id, round=lot.round, start_minor=start_price_minor)


def offer_again(session: Session, lot: Lot, terms: LotTerms, *, maker_id: uuid.UUID, checker: Actor) -> None:
    """Put an unsold lot back on the market under terms that one person proposed and another approved.

    The lot must be locked; the notice of the new attempt begins now.

    Raises:
        Refused: a limit of the rule pack is broken, or something is missing.
        Conflict: the lot is not unsold.
    """
    pack = load(lot.rule_pack, lot.rule_pack_version)
    position = queries.position_on_ladder(lot)
    for problem in check_ready(terms, pack, rights=len(lot.rights), now=clock.now(), position=position):
        raise problem
    for name, value in queries.term_values(terms).items():
        setattr(lot, name, value)
    lot.maker_id, lot.checker_id = maker_id, checker.person_id
    lot.content_hash = content_hash(lot)
    move(session, lot, LotStatus.PUBLISHED, "listings.offer_again", actor=checker, content=lot.content_hash)
    lot.published_at = lot.changed_at


def leave_market(session: Session, lot: Lot, checker: Actor, *, reason: str, **facts: Any) -> None:
    """Take a lot off the market for good, as two persons decided. The lot must be locked.

    Raises:
        Conflict: the lot is being sold, or is not on the market, or is part of a whole.
    """
    if lot.status is LotStatus.RESERVED:
        raise Conflict(ListingReason.SALE_RUNNING)
    if lot.status in FOR_SALE and lot.part_of_id is not None and queries.kin_of(session, lot):
        raise Conflict(WholeReason.WITHDRAW_WHOLE_FIRST)
    move(session, lot, LotStatus.WITHDRAWN, "listings.leave_market", actor=checker, reason=reason, **facts)
