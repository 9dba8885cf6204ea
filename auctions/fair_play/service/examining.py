"""Computing signals when auctions have ended: it reads what is there, opens leads, and changes no more."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.fair_play.models import Examination, SignInTrace
from auctions.fair_play.rules.leads import Signal
from auctions.fair_play.service.leads import open_lead
from auctions.fair_play.signals import defaults, rings, shill, traces
from auctions.fair_play.signals.records import Bid, EndedAuction, Trace, TraceKind
from auctions.models import Auction, JournalEntry, Registration
from auctions.queries import ACCEPTED
from auctions.rules import Action, Outcome
from auctions.sealing.queries import confirmed_amounts
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import clock

# How far back one look goes, and how much it reads at most.
LOOKED_BACK = timedelta(days=730)
MOST_AUCTIONS = 500
MOST_BIDS = 50_000
MOST_TRACES = 20_000
MOST_LEADS = 50
AT_ONCE = 50


def examine_due(session: Session) -> bool:
    """Compute the signals once for all auctions that have ended since; False when there was none."""
    due = session.scalars(
        select(Auction)
        .outerjoin(Examination, Examination.auction_id == Auction.id)
        .where(Auction.closed_at.is_not(None), Examination.auction_id.is_(None))
        .order_by(Auction.closed_at, Auction.id)
        .limit(AT_ONCE)
        .with_for_update(of=Auction, skip_locked=True)
    ).all()
    if not due:
        return False
    found = all_signals(session)
    opened = sum(open_lead(session, signal) is not None for signal in found)
    now = clock.now()
    session.add_all([Examination(auction_id=auction.id, at=now, signals=opened) for auction in due])
    session.flush()
    return True


def all_signals(session: Session) -> list[Signal]:
    """What the measures say of the auctions and sign-ins of the last two years, `MOST_LEADS` at most."""
    records = ended_auctions(session)
    found = [*defaults.signals(records), *traces.signals(_bidders_traces(session, records))]
    found += [*shill.signals(records), *rings.signals(records)]
    return found[:MOST_LEADS]


def ended_auctions(session: Session) -> list[EndedAuction]:
    """The latest ended auctions as the measures read them, the oldest first."""
    statement = (
        select(Auction)
        .where(
            Auction.outcome.in_([Outcome.SOLD, Outcome.UNSOLD]),
            Auction.closed_at > clock.now() - LOOKED_BACK,
        )
        .order_by(Auction.closed_at.desc(), Auction.id)
        .limit(MOST_AUCTIONS)
    )
    auctions = session.scalars(statement).all()[::-1]
    registered = _registered(session, auctions)
    bids = _bids(session, auctions)
    opened = confirmed_amounts(session, [auction.id for auction in auctions])
    return [_record(auction, registered[auction.id], bids[auction.id], opened) for auction in auctions]


def _registered(session: Session, auctions: Sequence[Auction]) -> dict[uuid.UUID, list[Registration]]:
    found: dict[uuid.UUID, list[Registration]] = defaultdict(list)
    ids = [auction.id for auction in auctions]
    for registration in session.scalars(select(Registration).where(Registration.auction_id.in_(ids))):
        found[registration.auction_id].append(registration)
    return found


def _bids(session: Session, auctions: Sequence[Auction]) -> dict[uuid.UUID, list[JournalEntry]]:
    """The accepted bids, automatic ones too, in order."""
    found: dict[uuid.UUID, list[JournalEntry]] = defaultdict(list)
    statement = (
        select(JournalEntry)
        .where(
            JournalEntry.auction_id.in_([auction.id for auction in auctions]),
            JournalEntry.action == Action.BID,
            JournalEntry.decision == ACCEPTED,
        )
        .order_by(JournalEntry.at.desc(), JournalEntry.sequence.desc())
        .limit(MOST_BIDS)
    )
    for entry in session.scalars(statement).all()[::-1]:
        found[entry.auction_id].append(entry)
    return found


def _record(
    auction: Auction,
    registered: Sequence[Registration],
    entries: Sequence[JournalEntry],
    opened: Mapping[tuple[uuid.UUID, int], int],
) -> EndedAuction:
    terms, state = read_terms(auction.terms), read_state(auction.state)
    names = {one.alias: str(one.institution_id) for one in registered}
    owners = {one.id: str(one.institution_id) for one in registered}
    winner = names.get(state.winner or "")
    forfeited = frozenset(names[alias] for alias in state.forfeited if alias in names)
    return EndedAuction(
        id=str(auction.id),
        seller=str(auction.institution_id),
        start_price=terms.start_price,
        step=terms.increment or max(terms.start_price // 100, 1),
        reserve=terms.reserve_price,
        price=auction.price_minor,
        winner=winner,
        registered=frozenset(owners.values()),
        bids=tuple(_as_bids(auction, entries, owners, opened)),
        defaulted=forfeited,
    )


def _as_bids(
    auction: Auction,
    entries: Sequence[JournalEntry],
    owners: dict[uuid.UUID, str],
    opened: Mapping[tuple[uuid.UUID, int], int],
) -> Iterable[Bid]:
    """The bids with their amounts; a sealed one with what came out of its envelope."""
    length = ((auction.closes_at or auction.opens_at) - auction.opens_at).total_seconds()
    price = None
    for entry in entries:
        amount = entry.amount_minor or opened.get((entry.auction_id, entry.sequence), 0)
        gone = (entry.at - auction.opens_at).total_seconds()
        elapsed = min(max(gone / length, 0.0), 1.0) if length > 0 else 0.0
        owner = owners[entry.registration_id] if entry.registration_id else ""
        yield Bid(entry.sequence, owner, amount, amount - price if price else 0, elapsed)
        price = amount


def _bidders_traces(session: Session, records: Iterable[EndedAuction]) -> list[Trace]:
    """The marks of everybody who was registered in one of these auctions."""
    bidders = {uuid.UUID(bidder) for record in records for bidder in record.registered}
    statement = (
        select(SignInTrace)
        .where(SignInTrace.institution_id.in_(bidders))
        .order_by(SignInTrace.at.desc())
        .limit(MOST_TRACES)
    )
    marks = {
        Trace(str(row.institution_id), kind, digest)
        for row in session.scalars(statement)
        for kind, digest in (
            (TraceKind.DEVICE, row.device),
            (TraceKind.BROWSER, row.browser),
            (TraceKind.ADDRESS, row.address),
        )
        if digest
    }
    return sorted(marks, key=lambda mark: (mark.bidder, mark.kind, mark.digest))
