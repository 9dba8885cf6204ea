"""The live room as one reader sees it. Everything a template shows is put here, so nothing else can leak."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from auctions.live import queries, snapshot
from auctions.live.mine import MAY_BID, Cost, Mine, Place, all_in, standing
from auctions.live.snapshot import Snapshot
from auctions.live.stage import ENDED, Stage
from auctions.models import Auction, JournalEntry, Registration
from auctions.queries import public_bids
from auctions.rule_words import RuleLine, rule_lines
from auctions.rules import EndReason, Terms
from auctions.terms import read_terms
from marketplace.access import Actor, InstitutionKind, Verb, may
from marketplace.charts import Dot, Level, PriceChart, price_steps
from marketplace.listings.models import Lot

BIDS_SHOWN = 20
BIDS_DRAWN = 200


@dataclass(frozen=True, slots=True)
class BidRow:
    """One bid of the record. `automatic` is known to its owner only."""

    sequence: int
    at: datetime
    alias: str
    amount_minor: int
    mine: bool
    automatic: bool


@dataclass(frozen=True, slots=True)
class Own:
    """What is nobody else's business: this reader's part in the auction.

    Attributes:
        acts: whether this reader's people bid, rather than an agency for them.
        maximum_minor: the maximum left with the system, or None.
        basis_points: what the agency earns on the price, borne by the buyer.
    """

    mine: Mine
    registration: Registration | None = None
    acts: bool = False
    maximum_minor: int | None = None
    basis_points: int = 0

    @property
    def alias(self) -> str | None:
        return self.registration.alias if self.registration else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What the templates read."""

    auction: Auction
    lot: Lot
    now: datetime
    state: Snapshot
    terms: Terms
    rules: list[RuleLine]
    bids: list[BidRow]
    more_bids: bool
    chart: PriceChart | None
    own: Own
    end_reason: EndReason | None
    is_seller: bool
    is_operator: bool
    may_register: bool

    @property
    def may_bid(self) -> bool:
        """Whether to offer the form: admitted, and the auction takes bids now."""
        return self.state.stage is Stage.LIVE and self.own.acts and self.own.mine in MAY_BID

    @property
    def turns_at(self) -> datetime | None:
        """The moment the countdown runs to: the opening, then the effective end; None when neither is set."""
        if self.state.stage is Stage.SCHEDULED:
            return self.state.opens_at
        return self.state.closes_at if self.state.stage is Stage.LIVE else None

    def cost(self, price: int) -> Cost:
        """What winning at this price would cost this reader."""
        deposit = self.own.registration.deposit_minor if self.own.registration else 0
        return all_in(price, deposit, self.own.basis_points)


def build(session: Session, auction: Auction, actor: Actor | None, now: datetime) -> Room:
    """The room of this auction for this reader at `now`."""
    state, terms = snapshot.take(session, auction, now), read_terms(auction.terms)
    own = _own(session, auction, actor, state)
    rows = _bids(session, auction, own, state)
    ended = state.stage in ENDED
    reason = auction.state.get("reason") if ended else None
    return Room(
        auction=auction,
        lot=auction.lot,
        now=now,
        state=state,
        terms=terms,
        rules=rule_lines(terms, reserve_public=auction.lot.reserve_public),
        bids=rows[:BIDS_SHOWN],
        more_bids=state.bids > BIDS_SHOWN,
        chart=_chart(auction, rows, state, now),
        own=own,
        end_reason=EndReason(reason) if reason else None,
        is_seller=is_seller(actor, auction),
        is_operator=actor is not None and may(actor, Verb.CONTROL_AUCTION),
        may_register=_may_register(actor, auction) and own.registration is None and not ended,
    )


def is_seller(actor: Actor | None, auction: Auction) -> bool:
    """Whether the reader works for the seller."""
    return actor is not None and actor.institution_id == auction.institution_id


def sees_journal(actor: Actor | None, auction: Auction) -> bool:
    """Whether the reader sees refusals too: the seller, whose sale it is, and the operator."""
    return is_seller(actor, auction) or (actor is not None and actor.kind is InstitutionKind.OPERATOR)


def _may_register(actor: Actor | None, auction: Auction) -> bool:
    return actor is not None and may(actor, Verb.REGISTER_TO_BID) and not is_seller(actor, auction)


def _own(session: Session, auction: Auction, actor: Actor | None, state: Snapshot) -> Own:
    if actor is None:
        return Own(Mine.STRANGER)
    registration = queries.own_registration(session, auction.id, actor.institution_id)
    if registration is None:
        return Own(Mine.NOT_REGISTERED if _may_register(actor, auction) else Mine.WATCHING)
    maximum = auction.state.get("maxima", {}).get(registration.alias)
    place = Place(
        admitted=registration.admitted,
        barred=bool(registration.barred),
        deposit_held=registration.deposit_held,
        leads=auction.leader_id == registration.id,
        has_bid=queries.has_bid(session, registration.id),
    )
    return Own(
        mine=standing(place, state.stage),
        registration=registration,
        acts=_acts(actor, registration),
        maximum_minor=maximum[0] if maximum else None,
        basis_points=registration.mandate.commission_basis_points if registration.mandate else 0,
    )


def _acts(actor: Actor, registration: Registration) -> bool:
    bidder_id = registration.mandate.agency_id if registration.mandate else registration.institution_id
    return bidder_id == actor.institution_id and may(actor, Verb.BID)


def _bids(session: Session, auction: Auction, own: Own, state: Snapshot) -> list[BidRow]:
    if not snapshot.shows_bids(auction, state.stage):
        return []
    own_id = own.registration.id if own.registration else None
    return [
        _bid_row(entry, alias, own_id) for entry, alias in public_bids(session, auction.id, limit=BIDS_DRAWN)
    ]


def _bid_row(entry: JournalEntry, alias: str, own_id: uuid.UUID | None) -> BidRow:
    mine = entry.registration_id == own_id
    automatic = mine and entry.caused_by is not None
    return BidRow(entry.sequence, entry.at, alias, entry.amount_minor or 0, mine, automatic)


def _chart(auction: Auction, rows: Sequence[BidRow], state: Snapshot, now: datetime) -> PriceChart | None:
    """The price from the opening to now, or to the end; None before the first bid."""
    if not rows:
        return None
    dots = [
        Dot(row.at, row.amount_minor, row.alias, "own" if row.mine else "plain") for row in reversed(rows)
    ]
    end = auction.closed_at or min(now, state.closes_at or now)
    start = max(auction.opens_at, dots[0].moment - (end - dots[0].moment) / 4)
    return price_steps(dots, start=start, end=max(end, dots[-1].moment), levels=_levels(auction))


def _levels(auction: Auction) -> list[Level]:
    terms = read_terms(auction.terms)
    levels = [Level(gettext("Start price"), terms.start_price)]
    if auction.lot.reserve_public and terms.reserve_price not in {None, terms.start_price}:
        levels.append(Level(gettext("Reserve"), terms.reserve_price or 0))
    return levels
