"""Scheduling an auction of a published lot."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from auctions import queries
from auctions.decisions import begin
from auctions.models import Auction
from auctions.reading import Malformed
from auctions.refusals import ScheduleReason
from auctions.rules import EndReason, Outcome, Terms
from auctions.state_json import write_state
from auctions.terms import read_terms, write_terms
from marketplace import audit, clock, rule_packs
from marketplace.access import Actor, Subject, Verb, require
from marketplace.clock import moment_text
from marketplace.errors import Conflict, Refused
from marketplace.listings.models import Lot
from marketplace.listings.queries import lock_lot
from marketplace.listings.rules import FOR_SALE
from marketplace.money import decimal_text, parse_minor
from marketplace.rule_packs import check_limits


def schedule(
    session: Session, actor: Actor, lot_id: uuid.UUID, opens_at: datetime, closes_at: datetime | None
) -> Auction:
    """Fix the terms of the lot's next auction and announce it.

    Raises:
        Refused: the opening has passed, a binding limit of the rule pack is broken, or the lot lacks what its
            format needs; the field is named.
        Conflict: the lot is not for sale, or another auction of it has not ended.
        NotFound, NotAllowed: as `access.require`.
    """
    lot = lock_lot(session, lot_id)
    require(actor, Verb.SCHEDULE_AUCTION, Subject(owner_id=lot.institution_id))
    now, earlier = clock.now(), queries.auctions_of_lot(session, lot.id)
    if lot.status not in FOR_SALE:
        raise Conflict(ScheduleReason.LOT_NOT_FOR_SALE)
    if any(auction.outcome is Outcome.OPEN for auction in earlier):
        raise Conflict(ScheduleReason.AUCTION_NOT_ENDED)
    if opens_at <= now:
        raise Refused(ScheduleReason.OPENING_PASSED, field="opens_at")
    rounds = 1 + sum(_failed(auction) for auction in earlier)
    _check_limits(lot, opens_at, closes_at, earlier, rounds)
    auction = add_auction(session, lot, _terms_of(lot, opens_at, closes_at, rounds), len(earlier) + 1)
    audit.record(
        session,
        "auctions.schedule",
        auction.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        lot=str(lot.id),
        attempt=auction.attempt,
        opens_at=moment_text(opens_at),
        closes_at=closes_at and moment_text(closes_at),
    )
    return auction


def add_auction(session: Session, lot: Lot, terms: Terms, attempt: int) -> Auction:
    """Add the auction with its terms; whoever calls has checked that it may be."""
    auction = Auction(
        lot_id=lot.id,
        institution_id=lot.institution_id,
        attempt=attempt,
        auction_format=terms.auction_format,
        rule_pack=terms.pack.name,
        rule_pack_version=terms.pack.version,
        currency=terms.currency,
        terms=write_terms(terms),
        state=write_state(begin(terms)),
        opens_at=terms.opens_at,
        closes_at=begin(terms).closes_at,
        scheduled_at=clock.now(),
    )
    session.add(auction)
    session.flush()
    return auction


def _failed(auction: Auction) -> bool:
    """Whether an earlier attempt counts as a round: it found no buyer, rather than one who did not pay."""
    reason = auction.state.get("reason")
    return auction.outcome is Outcome.UNSOLD and reason != EndReason.WINNER_DEFAULTED


def _check_limits(
    lot: Lot, opens_at: datetime, closes_at: datetime | None, earlier: list[Auction], rounds: int
) -> None:
    pack = rule_packs.load(lot.rule_pack, lot.rule_pack_version)
    previous = next((auction for auction in earlier if _failed(auction)), None)
    problems = check_limits(
        pack,
        reference_price_minor=lot.reference_price_minor,
        start_price_minor=lot.start_price_minor,
        reserve_minor=lot.reserve_minor,
        reserve_public=lot.reserve_public,
        deposit_minor=lot.deposit_minor,
        opens_at=opens_at,
        closes_at=closes_at,
        published_at=lot.published_at,
        attempt=rounds,
        previous_start_price_minor=_start_price(previous) if previous else None,
    )
    for problem in problems:
        if problem.binding:
            raise Refused(
                ScheduleReason.OUTSIDE_LIMITS,
                field=problem.field,
                limit_reason=problem.reason,
                limit=problem.limit,
                percent=problem.percent,
                article=problem.article,
            )


def _start_price(auction: Auction) -> int:
    return parse_minor(auction.terms["start_price"], auction.currency)


def _terms_of(lot: Lot, opens_at: datetime, closes_at: datetime | None, rounds: int) -> Terms:
    def text(minor: int | None) -> str | None:
        return None if minor is None else decimal_text(minor, lot.currency)

    raw: dict[str, Any] = {
        "format": lot.auction_format,
        "rule_pack": lot.rule_pack,
        "rule_pack_version": lot.rule_pack_version,
        "currency": lot.currency,
        "start_price": text(lot.start_price_minor),
        "increment": text(lot.increment_minor),
        "reserve_price": text(lot.reserve_minor),
        "reference_price": text(lot.reference_price_minor),
        "deposit": text(lot.deposit_minor),
        "opens_at": moment_text(opens_at),
        "closes_at": closes_at and moment_text(closes_at),
        "options": {**lot.options, "round": rounds},
    }
    try:
        return read_terms(raw)
    except Malformed as fault:
        field = fault.path.removeprefix("auction.")
        raise Refused(
            ScheduleReason.TERMS_INCOMPLETE, field=field, part=field, problem=fault.reason
        ) from fault
