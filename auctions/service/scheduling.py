"""Scheduling an auction of a published lot."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from auctions import queries
from auctions.combination.kin import check_kin
from auctions.models import Auction
from auctions.refusals import ScheduleReason
from auctions.rules import Outcome, Terms
from auctions.rules.decisions import begin, due_at
from auctions.sealing.custody import appoint
from auctions.sealing.rules import SEALED
from auctions.written.options import MONEY
from auctions.written.reading import Malformed
from auctions.written.state_json import write_state
from auctions.written.terms import read_terms, write_terms
from marketplace import audit, clock, rule_packs
from marketplace.access import Actor, Subject, Verb, require
from marketplace.clock import moment_text
from marketplace.deals.windows.service import require_no_open_window
from marketplace.errors import Conflict, Refused
from marketplace.listings.models import Lot
from marketplace.listings.priority.service import require_notified
from marketplace.listings.queries import lock_lot, position_on_ladder
from marketplace.listings.rules import FOR_SALE, WITH_OWN_END, AuctionFormat, LotStatus
from marketplace.money import decimal_text
from marketplace.rule_packs import Problem, check_limits


def schedule(
    session: Session,
    actor: Actor,
    lot_id: uuid.UUID,
    opens_at: datetime,
    closes_at: datetime | None,
    *,
    combination_id: uuid.UUID | None = None,
    custodian_id: uuid.UUID | None = None,
) -> Auction:
    """Fix the terms of the lot's next auction and announce it, by itself or within a combination.

    Raises:
        Refused: a holder of a right of first refusal was not notified in time since the attempt before, the
            opening has passed, a binding limit of the rule pack is broken, the lot lacks what its
            format needs, or its bids are sealed and a custodian has no key; the field is named.
        Conflict: the lot is not for sale, or offers are being taken for it; another auction of it, or of a
            lot that offers some of the same rights, has not ended; or the last one failed and two persons of
            the bank have not decided how to go on (`auctions.procedure`).
        NotFound, NotAllowed: as `access.require`.
    """
    lot = lock_lot(session, lot_id)
    require(actor, Verb.SCHEDULE_AUCTION, Subject(owner_id=lot.institution_id))
    now, earlier = clock.now(), queries.auctions_of_lot(session, lot.id)
    if lot.status not in FOR_SALE:
        raise Conflict(ScheduleReason.LOT_NOT_FOR_SALE)
    if lot.status is LotStatus.UNSOLD:
        raise Conflict(ScheduleReason.STEP_NOT_DECIDED)
    if any(auction.outcome is Outcome.OPEN for auction in earlier):
        raise Conflict(ScheduleReason.AUCTION_NOT_ENDED)
    check_kin(session, lot, combination_id)
    if opens_at <= now:
        raise Refused(ScheduleReason.OPENING_PASSED, field="opens_at")
    _check_others(session, lot, earlier, now)
    if lot.auction_format not in WITH_OWN_END:
        closes_at = None
    for refused, binding in limits_broken(lot, opens_at, closes_at):
        if binding:
            raise refused
    auction = add_auction(session, lot, terms_of(lot, opens_at, closes_at), len(earlier) + 1, custodian_id)
    auction.combination_id = combination_id
    _audit(session, actor, auction, opens_at, closes_at)
    return auction


def _audit(
    session: Session, actor: Actor, auction: Auction, opens_at: datetime, closes_at: datetime | None
) -> None:
    audit.record(
        session,
        "auctions.schedule",
        auction.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        lot=str(auction.lot_id),
        attempt=auction.attempt,
        opens_at=moment_text(opens_at),
        closes_at=closes_at and moment_text(closes_at),
    )


def _check_others(session: Session, lot: Lot, earlier: list[Auction], now: datetime) -> None:
    """Raise while offers bind somebody to the lot, or a holder was not told since the attempt before."""
    require_no_open_window(session, lot.id, now)
    ends = [auction.closed_at for auction in earlier if auction.closed_at is not None]
    require_notified(session, lot, since=max(ends, default=None))


def add_auction(
    session: Session, lot: Lot, terms: Terms, attempt: int, custodian_id: uuid.UUID | None = None
) -> Auction:
    """Add the auction with its terms; whoever calls has checked it. Sealed ones get custodians."""
    before = queries.auctions_of_lot(session, lot.id)
    auction = Auction(
        lot_id=lot.id,
        previous_id=before[0].id if before else None,
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
        due_at=due_at(terms, begin(terms)),
        scheduled_at=clock.now(),
    )
    session.add(auction)
    session.flush()
    if terms.auction_format == SEALED:
        appoint(session, auction, custodian_id)
    return auction


def limits_broken(lot: Lot, opens_at: datetime, closes_at: datetime | None) -> list[tuple[Refused, bool]]:
    """What the rule pack says against an auction at these times, and whether it forbids it or only warns."""
    pack = rule_packs.load(lot.rule_pack, lot.rule_pack_version)
    position = position_on_ladder(lot)
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
        attempt=position.round,
        previous_start_price_minor=position.previous_start,
        failed_at=position.failed_at,
        sale_off=lot.auction_format == AuctionFormat.SALE_OFF,
        auction_format=lot.auction_format,
    )
    return [(_outside(problem), problem.binding) for problem in problems]


def _outside(problem: Problem) -> Refused:
    return Refused(
        ScheduleReason.OUTSIDE_LIMITS,
        field=problem.field,
        limit_reason=problem.reason,
        limit=problem.limit,
        percent=problem.percent,
        article=problem.article,
    )


def terms_of(lot: Lot, opens_at: datetime, closes_at: datetime | None) -> Terms:
    """What would be published: the lot's terms with its pack's defaults.

    Raises:
        Refused: the lot lacks what its format needs; the field is named.
    """

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
        "options": {**_written(lot.options), "round": lot.round},
    }
    try:
        return read_terms(raw)
    except Malformed as fault:
        field = fault.path.removeprefix("auction.")
        raise Refused(
            ScheduleReason.TERMS_INCOMPLETE, field=field, part=field, problem=fault.reason
        ) from fault


def _written(options: dict[str, Any]) -> dict[str, Any]:
    """Amounts and shares as texts: whoever fills in the form of a lot writes a whole one without a point."""
    return {name: str(value) if name in MONEY else value for name, value in options.items()}
