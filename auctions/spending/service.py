"""What payments and the bids do to a spending limit."""

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from auctions.attempts import announced_deposit
from auctions.entrants import Entrant, Owner
from auctions.models import Auction, Registration
from auctions.refusals import RegistrationReason
from auctions.rules import Outcome, State
from auctions.spending import queries
from auctions.spending.models import SpendingLimit
from auctions.spending.rules import bound, commitment, headroom
from marketplace import audit, rule_packs
from marketplace.errors import Refused
from marketplace.money import parse_minor

# Everywhere else somebody may be bound without leading, or by an amount that nobody may see yet.
_FORMAT = "english"


class Backing:
    """The limits that stand for the bidders of one turn, locked after the auction's row."""

    def __init__(self, session: Session, auction: Auction, registrations: Iterable[Entrant]) -> None:
        self._session, self._auction = session, auction
        self._backed = {one.alias: one for one in registrations if one.spending_limit_id is not None}
        if self._backed:
            ids = [one.spending_limit_id for one in self._backed.values() if one.spending_limit_id]
            self._limits = queries.lock_limits(session, ids)

    def headroom(self, registration: Entrant) -> int | None:
        """The most this bidder may bid here now; None where no limit stands for it."""
        if registration.alias not in self._backed or registration.spending_limit_id is None:
            return None
        limit = self._limits[registration.spending_limit_id]
        return _headroom(self._session, self._auction, registration, limit)


def headroom_of(session: Session, auction: Auction, registration: Registration) -> int | None:
    """The same for a page, without a lock: what it would be now."""
    if registration.spending_limit_id is None:
        return None
    limit = session.get_one(SpendingLimit, registration.spending_limit_id)
    return _headroom(session, auction, registration, limit)


def _headroom(session: Session, auction: Auction, registration: Owner, limit: SpendingLimit) -> int:
    elsewhere = queries.bound_elsewhere(session, limit.id, registration.id)
    return headroom(limit.deposit_minor - elsewhere, _percent(auction), announced_deposit(auction))


def rebind(session: Session, auction: Auction, state: State, owners: Mapping[str, Owner]) -> None:
    """Let what stands for this auction's bids follow its state; `owners` holds the leader's registration."""
    if not auction.backed:
        return
    leader = session.get_one(Registration, owners[state.leader].id) if state.leader else None
    topped = update(Registration).where(Registration.auction_id == auction.id, Registration.bound_minor > 0)
    session.execute(topped.where(Registration.id != (leader and leader.id)).values(bound_minor=0))
    if leader is not None and leader.spending_limit_id is not None:
        committed = commitment(state, leader.alias)
        leader.bound_minor = bound(committed, _percent(auction), announced_deposit(auction))


def _percent(auction: Auction) -> int:
    percent = percent_of(auction)
    if percent is None:
        raise AssertionError("a limit stands only where the pack takes one")
    return percent


def release(session: Session, registration: Registration) -> None:
    """Free what this registration binds: its auction has ended, or its deal has a deposit of its own."""
    registration.bound_minor = 0
    audit.record(session, "auctions.release_limit", registration.id)


def withdraw(session: Session, registration: Registration) -> None:
    """The limit stands for this bidder no more. The auction's row must be locked.

    Raises:
        Refused: its bid binds part of it.
    """
    if registration.bound_minor:
        raise Refused(RegistrationReason.LIMIT_BOUND, field="method")
    registration.spending_limit_id = None
    audit.record(session, "auctions.withdraw_limit", registration.id)


def percent_of(auction: Auction) -> int | None:
    """How much of what is bid a deposit for several lots must cover here; None where the pack takes none."""
    if auction.auction_format != _FORMAT:
        return None
    percent = rule_packs.load(auction.rule_pack, auction.rule_pack_version).spending_limit_percent
    return percent.value if percent else None


def set_deposit(session: Session, institution_id: uuid.UUID, currency: str, minor: int) -> SpendingLimit:
    """Payments says how much is held for all lots.

    Raises:
        Refused: less than what the bids bind now.
    """
    limit = queries.limit_of(session, institution_id, currency)
    if limit is None:
        limit = SpendingLimit(institution_id=institution_id, currency=currency)
        session.add(limit)
        session.flush()
    limit = queries.lock_limits(session, [limit.id])[limit.id]
    if minor < queries.bound_elsewhere(session, limit.id, None):
        raise Refused(RegistrationReason.LIMIT_BOUND, field="amount")
    limit.deposit_minor = minor
    audit.record(session, "auctions.set_spending_limit", limit.id, deposit_minor=minor)
    return limit


def back(session: Session, auction: Auction, registration: Registration) -> SpendingLimit:
    """Let the bidder's limit stand for its deposit here. The auction's row must be locked.

    Raises:
        Refused: the pack or the format takes none, the auction has ended, or too little of it is free.
    """
    if percent_of(auction) is None or auction.outcome is not Outcome.OPEN:
        raise Refused(RegistrationReason.LIMIT_NOT_TAKEN, field="method")
    found = queries.limit_of(session, registration.institution_id, auction.currency)
    limit = queries.lock_limits(session, [found.id])[found.id] if found else None
    if limit is None or _headroom(session, auction, registration, limit) < _least_price(auction):
        raise Refused(RegistrationReason.LIMIT_USED_UP, field="method")
    registration.spending_limit_id, registration.deposit_held, auction.backed = limit.id, True, True
    audit.record(session, "auctions.back_by_limit", registration.id, limit=str(limit.id))
    return limit


def _least_price(auction: Auction) -> int:
    """Who cannot reach the start price, or the price that stands, has no use for a limit."""
    return auction.price_minor or parse_minor(auction.terms["start_price"], auction.currency)
