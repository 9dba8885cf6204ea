"""What must be true of every auction, each as a question whose answer is a list of problems."""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions import queries
from auctions.journal import chain_faults
from auctions.keys import known_keys
from auctions.models import Auction
from auctions.outages import checks as outages
from auctions.priority import invariants as priority
from auctions.receipts import verify
from auctions.record import invariants as records
from auctions.rules import Outcome, RecordedBid
from auctions.rules.decisions import advance, conclude, due_at
from auctions.runner_up.models import RunnerUpOffer
from auctions.runner_up.rules import Answer
from auctions.scenarios.recorded import recorded
from auctions.scenarios.scenario import decide_all
from auctions.sealing import invariants as sealing
from auctions.spending import invariants as spending
from auctions.written.state_json import read_state, write_state
from auctions.written.terms import read_terms
from marketplace import clock
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource, DealStatus

_AT_ONCE = 200


def _every_auction(session: Session) -> Iterator[Auction]:
    statement = select(Auction).order_by(Auction.id).execution_options(yield_per=_AT_ONCE)
    yield from session.scalars(statement)


def journal_is_whole(session: Session) -> list[str]:
    """Sequences are dense, moments never decrease, entries seal those before, the row is at the end."""
    found = []
    for auction in _every_auction(session):
        entries = queries.journal_of(session, auction.id)
        faults = chain_faults(entries)
        last = entries[-1][0] if entries else None
        if (auction.sequence, auction.last_hash) != (last.sequence if last else 0, last.hash if last else ""):
            faults.append("the auction's row is not at the journal's end")
        found += [f"auction {auction.id}: {fault}" for fault in faults]
    return found


def receipts_are_good(session: Session) -> list[str]:
    """Every receipt is a signature over its entry, with this marketplace's key or a former one of it."""
    keys = [key.public_key for key in known_keys(session)]
    return [
        f"auction {auction.id}: the receipt of entry {entry.sequence} does not verify"
        for auction in _every_auction(session)
        for entry, _ in queries.journal_of(session, auction.id)
        if not any(verify(key, entry.hash, entry.receipt) for key in keys)
    ]


def replay_gives_the_state(session: Session) -> list[str]:
    """Replaying the journal by the rules gives the same decisions, automatic bids and state again."""
    found = []
    for auction in _every_auction(session):
        replayed = recorded(session, auction)
        decisions, state = decide_all(
            replayed.terms, replayed.bidders, replayed.events, concealed=replayed.concealed
        )
        kept = auction.state
        if auction.outcome is Outcome.OPEN:
            # Time has moved the stored one from stage to stage, the replayed one only up to its last event.
            now, terms = clock.now(), replayed.terms
            state, kept = advance(terms, state, now), write_state(advance(terms, read_state(kept), now))
        else:
            state = conclude(replayed.terms, state)
        if [str(decision) for decision in decisions] != [entry.decision for entry in replayed.entries]:
            found.append(f"auction {auction.id}: replay decides otherwise")
        automatic = [bid for decision in decisions for bid in decision.automatic]
        if automatic != _automatic_bids(session, auction):
            found.append(f"auction {auction.id}: replay makes other automatic bids")
        if write_state(state) != kept:
            found.append(f"auction {auction.id}: replay gives another state")
    return found


def _automatic_bids(session: Session, auction: Auction) -> list[RecordedBid]:
    return [
        RecordedBid(alias or "", entry.amount_minor or 0)
        for entry, alias in queries.journal_of(session, auction.id)
        if entry.caused_by is not None
    ]


def columns_follow_the_state(session: Session) -> list[str]:
    """What pages read from columns is what the rules keep in the state."""
    found = []
    for auction in _every_auction(session):
        state = auction.state
        kept = (state["outcome"], state["price"], state["bids"], state["suspended_at"] is not None)
        shown = (str(auction.outcome), auction.price_minor, auction.bid_count, auction.suspended)
        if kept != shown:
            found.append(f"auction {auction.id}: columns say {shown}, the state says {kept}")
        due = due_at(read_terms(auction.terms), read_state(state))
        if auction.outcome is Outcome.OPEN and auction.due_at != due:
            found.append(f"auction {auction.id}: the worker looks at {auction.due_at}, the state at {due}")
    return found


def sold_means_one_deal(session: Session) -> list[str]:
    """A sold auction has exactly one deal that did not default, or asks one bidder in its winner's place."""
    live = (
        select(func.count())
        .where(
            Deal.source == DealSource.AUCTION,
            Deal.source_id == Auction.id,
            Deal.status != DealStatus.DEFAULTED,
        )
        .scalar_subquery()
    )
    asked = (
        select(func.count())
        .where(RunnerUpOffer.auction_id == Auction.id, RunnerUpOffer.answer == Answer.ASKED)
        .scalar_subquery()
    )
    expected = {Outcome.SOLD: 1}
    return [
        f"auction {auction.id} is {auction.outcome} and has {count} deals"
        for auction, count in session.execute(select(Auction, live + asked).order_by(Auction.id))
        if count != expected.get(auction.outcome, 0)
    ]


def deals_carry_the_price(session: Session) -> list[str]:
    """The deal of a sold auction is at the auction's price."""
    statement = (
        select(Auction.id)
        .join(Deal, (Deal.source_id == Auction.id) & (Deal.source == DealSource.AUCTION))
        .where(
            Auction.outcome == Outcome.SOLD,
            Deal.status != DealStatus.DEFAULTED,
            Deal.price_minor != Auction.price_minor,
        )
    )
    return [
        f"auction {auction_id}: its deal is at another price" for auction_id in session.scalars(statement)
    ]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("the journal is dense, ordered and chained", journal_is_whole),
    ("every receipt verifies", receipts_are_good),
    ("replaying the journal gives the state", replay_gives_the_state),
    ("columns follow the state", columns_follow_the_state),
    ("a sold auction has one deal", sold_means_one_deal),
    ("a deal carries its auction's price", deals_carry_the_price),
    *outages.CHECKS,
    *records.CHECKS,
    *priority.CHECKS,
    *sealing.CHECKS,
    *spending.CHECKS,
)
