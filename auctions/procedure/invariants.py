"""What must always hold of procedures: each question answers with what breaks it, so with nothing."""

import uuid
from collections.abc import Callable, Iterator
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from auctions.attempts import attempt_of, start_price_of
from auctions.models import Auction
from auctions.procedure.models import StepDecision
from auctions.procedure.rules import ATTEMPTS, LEAVING, SET_OFF, Verdict
from auctions.rules import Outcome
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.rule_packs import load, position_of
from marketplace.rule_packs.ladder import PriceLimit, price_limits

_AT_ONCE = 200


def _procedures(session: Session) -> Iterator[list[Auction]]:
    """The attempts of each lot in their order."""
    lots = select(Auction.lot_id).distinct().execution_options(yield_per=_AT_ONCE)
    for lot_id in session.scalars(lots).all():
        statement = select(Auction).where(Auction.lot_id == lot_id).order_by(Auction.attempt)
        yield list(session.scalars(statement))


def attempts_not_linked(session: Session) -> list[str]:
    """Attempts are 1, 2, 3 … and each names the one before it."""
    found = []
    for attempts in _procedures(session):
        if [auction.attempt for auction in attempts] != list(range(1, len(attempts) + 1)):
            found.append(f"lot {attempts[0].lot_id}: attempts {[auction.attempt for auction in attempts]}")
        linked = [attempts[0].previous_id is None]
        linked += [after.previous_id == before.id for before, after in pairwise(attempts)]
        if not all(linked):
            found.append(f"lot {attempts[0].lot_id}: an attempt does not name the one before it")
    return found


def two_attempts_at_once(session: Session) -> list[str]:
    """A new attempt begins only after the one before has ended."""
    return [
        f"lot {attempts[0].lot_id} has more than one open auction"
        for attempts in _procedures(session)
        if sum(auction.outcome is Outcome.OPEN for auction in attempts) > 1
    ]


def lots_beside_their_ladder(session: Session) -> list[str]:
    """What a lot says of its place on the ladder is what its attempts led to."""
    found = []
    for attempts in _procedures(session):
        lot = session.get_one(Lot, attempts[0].lot_id)
        at = position_of([attempt_of(auction) for auction in attempts])
        if (lot.round, lot.previous_start_price_minor, lot.failed_at is None) != (
            at.round,
            at.previous_start,
            at.failed_at is None,
        ):
            found.append(f"lot {lot.id} {lot.reference} says round {lot.round}, its attempts {at.round}")
    return found


def start_prices_below_their_limit(session: Session) -> list[str]:
    """No attempt started below what the law of its pack allows in its round."""
    found = []
    for auctions in _procedures(session):
        attempts = [attempt_of(auction) for auction in auctions]
        for number, auction in enumerate(auctions):
            before = position_of(attempts[:number])
            pack = load(auction.rule_pack, auction.rule_pack_version)
            reference = session.get_one(Lot, auction.lot_id).reference_price_minor
            limits = price_limits(pack, before.round, reference, before.previous_start)
            if any(_breaks(start_price_of(auction), limit) for limit in limits if limit.rule.is_law):
                found.append(f"auction {auction.id} starts at {start_price_of(auction)}")
    return found


def _breaks(start: int, limit: PriceLimit) -> bool:
    return start != limit.amount if limit.exact else start < limit.amount


def answers_without_four_eyes(session: Session) -> list[str]:
    """What was approved was proposed by somebody else, and is what was proposed."""
    proposal = aliased(StepDecision)
    statement = (
        select(StepDecision)
        .join(proposal, proposal.id == StepDecision.proposal_id)
        .where(
            StepDecision.verdict == Verdict.APPROVED,
            (StepDecision.person_id == proposal.person_id)
            | (StepDecision.content_hash != proposal.content_hash)
            | (StepDecision.kind != proposal.kind),
        )
    )
    return [f"step {row.id} of lot {row.lot_id}" for row in session.scalars(statement)]


def decisions_with_gaps(session: Session) -> list[str]:
    """The decisions about a lot are numbered without a gap, and an answer follows its proposal."""
    found: list[str] = []
    last: dict[uuid.UUID, int] = {}
    statement = select(StepDecision).order_by(StepDecision.lot_id, StepDecision.sequence)
    for row in session.scalars(statement.execution_options(yield_per=_AT_ONCE)):
        if row.sequence != last.get(row.lot_id, 0) + 1:
            found.append(f"lot {row.lot_id}: decision {row.sequence} does not follow")
        if (row.verdict is Verdict.PROPOSED) is not (row.proposal_id is None):
            found.append(f"step {row.id} is {row.verdict} and names {row.proposal_id}")
        last[row.lot_id] = row.sequence
    return found


def approved_steps_not_carried_out(session: Session) -> list[str]:
    """A step that was approved has its auction, its deal, or its lot off the market."""
    approved = select(StepDecision).where(StepDecision.verdict == Verdict.APPROVED)
    return [
        f"step {row.id} ({row.kind}) of lot {row.lot_id}"
        for row in session.scalars(approved.execution_options(yield_per=_AT_ONCE))
        if not _carried_out(session, row)
    ]


def _carried_out(session: Session, row: StepDecision) -> bool:
    if row.kind in ATTEMPTS:
        following = select(Auction.id).where(
            Auction.lot_id == row.lot_id, Auction.previous_id == row.after_id
        )
        return session.scalar(following) is not None
    if row.kind in SET_OFF:
        deal = select(Deal.id).where(Deal.source_id == row.proposal_id, Deal.price_minor == row.price_minor)
        return session.scalar(deal.where(Deal.source == DealSource(row.kind.value))) is not None
    return row.kind not in LEAVING or row.lot.status is LotStatus.WITHDRAWN


def deals_without_their_step(session: Session) -> list[str]:
    """A creditor has a lot only by a step that two persons approved."""
    sources = [DealSource(kind.value) for kind in SET_OFF]
    approved = select(StepDecision.id).where(
        StepDecision.proposal_id == Deal.source_id, StepDecision.verdict == Verdict.APPROVED
    )
    deals = select(Deal).where(Deal.source.in_(sources), ~approved.exists())
    return [f"deal {deal.id} of lot {deal.lot_id}" for deal in session.scalars(deals)]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("the attempts of a lot are linked without a gap", attempts_not_linked),
    ("a lot has at most one open auction", two_attempts_at_once),
    ("a lot stands where its attempts have led it", lots_beside_their_ladder),
    ("no attempt starts below its limit", start_prices_below_their_limit),
    ("steps are proposed by one person and approved by another", answers_without_four_eyes),
    ("decisions about a lot have no gap", decisions_with_gaps),
    ("approved steps are carried out", approved_steps_not_carried_out),
    ("a creditor takes a lot only by an approved step", deals_without_their_step),
)
