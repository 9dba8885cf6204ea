"""Deciding what bidders ask for: several acts under one lock, each with its own answer."""

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from auctions import queries
from auctions.combination.ends import extend_siblings
from auctions.combination.queries import lock_combination_of
from auctions.entrants import Entrant, Owner, entrant_by_alias, entrants_acting, entries_by_key
from auctions.journal import first_moment
from auctions.models import Auction, JournalEntry
from auctions.outages import service as outages
from auctions.refusals import BiddingReason
from auctions.rules import BIDDING, Action, Bidder, Event, Outcome, State, Terms
from auctions.rules.decisions import decide
from auctions.sealing.door import check_salt, same_amount
from auctions.sealing.rules import conceal
from auctions.service.closing import end_by_act, open_if_due
from auctions.service.recording import enter, follow, write_together
from auctions.service.telling import tell_outbid
from auctions.spending.service import Backing, rebind
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.errors import Conflict, MarketplaceError, Refused
from marketplace.parties.claims import Claim, SignInChanged, changed

_KEY = re.compile(r"[\x21-\x7e]{8,64}")


@dataclass(frozen=True, slots=True)
class Act:
    """What one bidder asks for: the arguments of `place`.

    Attributes:
        made_salt: with what an amount is sealed whose bidder chose no salt; None has one made.
        claim: what was remembered of the sign-in, to be asked again here; None where it was just read.
    """

    actor: Actor
    action: Action
    amount: str | None
    idempotency_key: str
    salt: str | None = None
    made_salt: str | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What an act has led to, with what explains it.

    Attributes:
        state: when all acts decided together had been decided.
        bidder: who acted, as the rules saw it.
    """

    entry: JournalEntry
    terms: Terms
    state: State
    bidder: Bidder


def check(act: Act) -> None:
    """What can be refused before the lock; raises as `place`."""
    require(act.actor, Verb.BID)
    if act.action not in BIDDING:
        raise Refused(BiddingReason.NOT_A_BID, field="action")
    if _KEY.fullmatch(act.idempotency_key) is None:
        raise Refused(BiddingReason.KEY_MALFORMED, field="idempotency_key")
    check_salt(act.salt)


def place_together(
    session: Session, auction_id: uuid.UUID, waiting: Callable[[], Sequence[Act]]
) -> list[Answer | MarketplaceError]:
    """Decide the acts of several bidders, one after the other, under one lock and at one moment.

    Each gets its own answer in the order given: its entry, or the error that `place` would raise for it and
    that leaves its neighbours alone.

    Args:
        session: within `atomic()`; nothing may be acknowledged before it has committed.
        auction_id: the auction all of them want to bid in.
        waiting: the checked acts; asked once the lock is held, so that who came meanwhile is among them.

    Raises:
        NotFound: no such auction.
    """
    lock_combination_of(session, auction_id)
    auction = queries.lock_auction(session, auction_id)
    acts = waiting()  # before the time is read, so that nobody is decided at a moment before it came
    now = first_moment(auction.last_event_at, clock.now())
    open_if_due(session, auction, now)
    now = outages.make_good_before(session, auction, now)
    table = _Table(session, auction, now, acts)
    answers = [table.answer(act) for act in acts]
    table.close()
    return [table.explained(act, answer) for act, answer in zip(acts, answers, strict=True)]


class _Table:
    """One auction under its lock, with what the acts to be decided need, read by one select each."""

    def __init__(self, session: Session, auction: Auction, now: datetime, acts: Sequence[Act]) -> None:
        self.session, self.auction, self.now = session, auction, now
        self.changed_sign_ins = changed(session.connection(), [act.claim for act in acts if act.claim])
        acting = {act.actor.institution_id for act in acts}
        self.entrants = entrants_acting(session, auction.id, acting)
        self.known = entries_by_key(session, auction.id, {act.idempotency_key for act in acts})
        self.owners: dict[str, Owner] = {entrant.alias: entrant for entrant in self.entrants.values()}
        self.terms, self.state = read_terms(auction.terms), read_state(auction.state)
        self.backing = Backing(session, auction, self.entrants.values())
        self.entries: list[JournalEntry] = []
        self.changed = False
        self.led = set() if auction.leader_id is None else {auction.leader_id}

    def answer(self, act: Act) -> JournalEntry | MarketplaceError:
        """The act's entry, or why there is none."""
        if act.claim in self.changed_sign_ins:
            return SignInChanged("sign_in")
        entrant = self.entrants.get(act.actor.institution_id)
        if entrant is None:
            return Refused(BiddingReason.NOT_REGISTERED)
        known = self.known.get(act.idempotency_key)
        if known is not None and not _same_act(self.auction, known, entrant, act):
            return Conflict(BiddingReason.KEY_USED_OTHERWISE, field="idempotency_key")
        if known is not None:
            return known
        try:
            return self._decide(act, entrant)
        except MarketplaceError as refused:
            return refused

    def explained(self, act: Act, answer: JournalEntry | MarketplaceError) -> Answer | MarketplaceError:
        """The answer with what the turn has come to; an error explains itself."""
        if isinstance(answer, MarketplaceError):
            return answer
        bidder = self._as_bidder(self.entrants[act.actor.institution_id])
        return Answer(answer, self.terms, self.state, bidder)

    def _decide(self, act: Act, entrant: Entrant) -> JournalEntry:
        event = Event(self.now, act.action, entrant.alias, act.amount)
        decision = decide(self.terms, self.state, event, self._as_bidder(entrant))
        key, salt = act.idempotency_key, act.salt or act.made_salt
        if self.state.concealed:
            self._write()  # how many envelopes there are is counted in the journal
        entries = enter(self.session, self.auction, event, decision, self.owners, key=key, salt=salt)
        self.entries += entries
        self.known[key] = entries[0]
        if decision.reason is None:
            self.changed, self.state = True, conceal(decision.state)
            if self.state.leader is not None:
                self.led.add(self._owner(self.state.leader).id)
        return entries[0]

    def _as_bidder(self, entrant: Entrant) -> Bidder:
        return Bidder(
            id=entrant.alias,
            priority_order=entrant.priority_order,
            admitted=entrant.admitted and entrant.verified,
            deposit_held=entrant.deposit_held,
            barred=entrant.barred,
            headroom=self.backing.headroom(entrant),
        )

    def _owner(self, alias: str) -> Owner:
        """Who stands behind an alias: in a turn somebody may lead who does not act now."""
        if alias not in self.owners:
            self.owners[alias] = entrant_by_alias(self.session, self.auction.id, alias)
        return self.owners[alias]

    def _write(self) -> None:
        write_together(self.session, self.entries)
        self.entries = []

    def close(self) -> None:
        """Let the auction's row follow, tell those who lead no more, and write everything at once."""
        self._write()
        if self.changed:
            follow(self.session, self.auction, self.state, self.owners)
            rebind(self.session, self.auction, self.state, self.owners)
            tell_outbid(self.session, self.auction, self.led)
            extend_siblings(self.session, self.auction, self.now)
        if self.changed and self.auction.outcome is not Outcome.OPEN:
            end_by_act(self.session, self.auction, self.state, self.now)
        self.session.flush()


def _same_act(auction: Auction, known: JournalEntry, entrant: Entrant, act: Act) -> bool:
    same = (known.registration_id, known.action) == (entrant.id, act.action)
    return same and same_amount(auction, known, entrant.alias, act.amount, act.salt)
