"""The live room as one reader sees it. Everything a template shows is put here, so nothing else can leak."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from auctions.fair_play.texts import bar_words
from auctions.formats.raises import step_at
from auctions.live import queries, snapshot
from auctions.live.bids import BidRow, bid_rows, price_over_time
from auctions.live.desk import Desk, desk_for
from auctions.live.mine import MAY_BID, Cost, Mine, Place, all_in, standing
from auctions.live.parts import RAISING, Clock, TurnRow, clock_of, turn_rows
from auctions.live.preview import as_bidder, price_word
from auctions.live.snapshot import Snapshot, phase_of
from auctions.live.stage import ENDED, Stage
from auctions.models import Auction, Registration
from auctions.outages.models import Interruption
from auctions.outages.queries import interruptions_of
from auctions.rule_words import RuleLine, extension_words, payment_words, raise_words, rule_lines
from auctions.rules import Action, EndReason, Phase, PhaseKind, Terms
from auctions.spending.service import headroom_of
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace.access import Actor, InstitutionKind, Verb, may
from marketplace.charts import PriceChart
from marketplace.clock import LOCAL_ZONE
from marketplace.commission import Commission, buyer_borne
from marketplace.heartbeat.queries import worker_is_silent
from marketplace.listings.fees.queries import commissions_for
from marketplace.listings.models import Lot
from marketplace.listings.taxation import rate_on_top
from marketplace.rule_packs import ReserveRule
from marketplace.taxes import duties_borne_by_buyer

BIDS_SHOWN = 20

NOTHING = Phase(kind=PhaseKind.WAITING)


@dataclass(frozen=True, slots=True)
class Own:
    """What is nobody else's business: this reader's part in the auction.

    Attributes:
        acts: whether this reader's people bid, rather than an agency for them.
        maximum_minor: the maximum left with the system, or None.
        basis_points: what the agency earns on the price, borne by the buyer.
        reason: why this bidder may not bid, as the seller wrote it.
        phase: what is going on, for this reader: what it may do now, and for how much at least.
        amount_minor: what it stands at where everybody has one amount; None where nobody can say it.
        headroom: the most it may bid where one deposit stands for several lots; else None.
    """

    mine: Mine
    registration: Registration | None = None
    acts: bool = False
    maximum_minor: int | None = None
    basis_points: int = 0
    reason: str = ""
    phase: Phase = NOTHING
    amount_minor: int | None = None
    headroom: int | None = None

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
    desk: Desk | None
    end_reason: EndReason | None
    stop_reason: str
    interruptions: Sequence[Interruption]
    down: bool
    is_seller: bool
    is_operator: bool
    may_register: bool
    premiums: tuple[Commission, ...] = ()

    @property
    def may_bid(self) -> bool:
        """Whether to offer a form: admitted, and the rules let this bidder do something now."""
        return self.own.acts and self.own.mine in MAY_BID and bool(self.own.phase.actions)

    def can(self, action: str) -> bool:
        """Whether to offer this act now."""
        return self.may_bid and Action(action) in self.own.phase.actions

    @property
    def least(self) -> int | None:
        """The least amount this reader could bid now; a newcomer's for whoever does not bid here."""
        return self.state.next_minimum if self.own.registration is None else self.own.phase.least

    @property
    def turns_at(self) -> datetime | None:
        """The moment the countdown runs to: the price's next fall or the phase's end; None where unknown."""
        phase = self.state.phase
        if self.state.stage not in {Stage.SCHEDULED, Stage.LIVE}:
            return None
        return phase.changes_at or phase.ends_at

    @property
    def step(self) -> int:
        """The raise that holds at the current price, in minor units."""
        return step_at(self.terms, self.state.price or self.terms.start_price)

    @property
    def raises(self) -> bool:
        """Whether the next bid has to top the price by a raise, and a late one moves the end."""
        return self.auction.auction_format in RAISING

    @property
    def countdown(self) -> timedelta:
        """How long a sale-off runs on from its first bid."""
        return timedelta(seconds=self.terms.options.countdown_seconds)

    @property
    def clock(self) -> Clock | None:
        """What the falling price does next; None where there is none, or it would betray a secret reserve."""
        return clock_of(self.terms, self.state.phase) if self._may_tell_the_last_price else None

    @property
    def _may_tell_the_last_price(self) -> bool:
        """Where a reserve may be secret, silence must not say that there is one."""
        return self.lot.reserve_public or self.terms.pack.reserve.value is not ReserveRule.MAY_BE_SECRET

    @property
    def turns(self) -> list[TurnRow]:
        """Who speaks when in this round; empty where there are no turns, or not yet."""
        return turn_rows(read_state(self.auction.state), self.terms, self.now, self.own.alias)

    @property
    def price_word(self) -> str:
        """The price as a confirmation carries it back."""
        return price_word(self.state)

    @property
    def raise_rule(self) -> str:
        """How much more each bid must be, in a sentence."""
        return raise_words(self.terms)

    @property
    def extension(self) -> str:
        """What a late bid does to the end, in a sentence."""
        return extension_words(self.terms)

    @property
    def payment(self) -> str:
        """When the winner pays, in a sentence."""
        return payment_words(self.terms)

    def cost(self, price: int) -> Cost:
        """What winning at this price would cost this reader."""
        deposit = self.own.registration.deposit_minor if self.own.registration else 0
        duty = self.terms.pack.stamp_duty_basis_points
        duties = duties_borne_by_buyer(self.lot.tax_bearer) * (duty.value if duty else 0)
        tax = rate_on_top(self.lot, self.now.astimezone(LOCAL_ZONE).date())
        premium = buyer_borne(self.premiums, price, self.lot.currency)
        taxed = tax.basis_points if tax else 0
        return all_in(price, deposit, self.own.basis_points, duties, taxed, premium=premium)


def build(session: Session, auction: Auction, actor: Actor | None, now: datetime) -> Room:
    """The room of this auction for this reader at `now`."""
    state, terms = snapshot.take(session, auction, now), read_terms(auction.terms)
    own = _own(session, auction, actor, state, now)
    rows = bid_rows(session, auction, own.registration, state)
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
        chart=price_over_time(auction, rows, state, now),
        own=own,
        desk=desk_for(session, auction, actor, state),
        end_reason=EndReason(reason) if reason else None,
        stop_reason=_stop_reason(session, auction, state.stage),
        interruptions=interruptions_of(session, auction.id),
        down=state.stage is Stage.CLOSING and worker_is_silent(session, now),
        is_seller=is_seller(actor, auction),
        is_operator=actor is not None and may(actor, Verb.CONTROL_AUCTION),
        may_register=_may_register(actor, auction) and own.registration is None and not ended,
        premiums=commissions_for(session, auction.lot_id, None),
    )


def _stop_reason(session: Session, auction: Auction, stage: Stage) -> str:
    """Why the auction stands still or was cancelled: published (法释〔2016〕18号 art. 28)."""
    if stage not in {Stage.SUSPENDED, Stage.CANCELLED}:
        return ""
    return queries.reason_given(session, auction.id, "auctions.suspend", "auctions.cancel")


def is_seller(actor: Actor | None, auction: Auction) -> bool:
    """Whether the reader works for the seller."""
    return actor is not None and actor.institution_id == auction.institution_id


def sees_journal(actor: Actor | None, auction: Auction) -> bool:
    """Whether the reader sees refusals too: the seller, whose sale it is, and the operator."""
    return is_seller(actor, auction) or (actor is not None and actor.kind is InstitutionKind.OPERATOR)


def _may_register(actor: Actor | None, auction: Auction) -> bool:
    return actor is not None and may(actor, Verb.REGISTER_TO_BID) and not is_seller(actor, auction)


def _own(session: Session, auction: Auction, actor: Actor | None, state: Snapshot, now: datetime) -> Own:
    if actor is None:
        return Own(Mine.STRANGER)
    registration = queries.own_registration(session, auction.id, actor.institution_id)
    if registration is None:
        return Own(Mine.NOT_REGISTERED if _may_register(actor, auction) else Mine.WATCHING)
    maximum = auction.state.get("maxima", {}).get(registration.alias)
    bidder = as_bidder(registration)
    state_of = read_state(auction.state)
    best = None if state_of.concealed else state_of.standing.get(registration.alias)
    place = Place(
        admitted=registration.admitted,
        barred=bool(registration.barred),
        deposit_held=registration.deposit_held,
        leads=state.leader == registration.alias,
        has_bid=queries.has_bid(session, registration.id),
        hidden=state.phase.hidden,
    )
    return Own(
        mine=standing(place, state.stage),
        registration=registration,
        acts=_acts(actor, registration),
        maximum_minor=maximum[0] if maximum else None,
        basis_points=registration.mandate.commission_basis_points if registration.mandate else 0,
        reason=_reason(session, registration),
        phase=phase_of(auction, now, bidder),
        amount_minor=best.amount if best else None,
        headroom=headroom_of(session, auction, registration),
    )


def _reason(session: Session, registration: Registration) -> str:
    if registration.barred or registration.admitted:
        return bar_words(registration.barred)
    return queries.reason_given(session, registration.id, "auctions.admit")


def _acts(actor: Actor, registration: Registration) -> bool:
    bidder_id = registration.mandate.agency_id if registration.mandate else registration.institution_id
    return bidder_id == actor.institution_id and may(actor, Verb.BID)
