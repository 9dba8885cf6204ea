"""A seeded market with planted agents: honest bidders, shills, rings of three, shared devices, defaulters.

Every bid is decided by the rules that decide live bids. The honest are made hard to tell from the planted:
some stay with one seller and lose most of the time, some meet the same rivals in every auction of their
field, many sit behind one office or network address, and everybody forgets to pay once in a while.
The market is invented: what it shows about the measures says nothing about real cases.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from auctions.fair_play.signals.records import Bid, EndedAuction, Trace, TraceKind
from auctions.rules import Action, Bidder, Event, Options, State, Terms
from auctions.rules.decisions import begin, conclude, decide
from marketplace import rule_packs

SELLERS = 8
AUCTIONS = 320
HONEST = 70
LOYAL = 14
SPECIALISTS = 16
FIELDS_OF_SPECIALISTS = 4
SHILLS = 4
RINGS = 3
DEVICE_PAIRS = 6
DEFAULTERS = 5
SIGN_INS = 10
STEP = 100_000
MOMENTS = 60

_OPENS = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
_LENGTH = timedelta(hours=24)
_PACK = rule_packs.load("cn-bank", "1")


@dataclass
class Market:
    """What came out of it, and who was planted as what."""

    records: list[EndedAuction] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    honest: set[str] = field(default_factory=set)
    shills: set[str] = field(default_factory=set)
    rings: list[tuple[str, str, str]] = field(default_factory=list)
    device_pairs: set[tuple[str, str]] = field(default_factory=set)
    defaulters: set[str] = field(default_factory=set)

    @property
    def ring_members(self) -> set[str]:
        return {member for ring in self.rings for member in ring}


@dataclass(frozen=True)
class Agent:
    """One bidder in one auction.

    Attributes:
        most: up to where it bids, minor units.
        begins, ends: when it is there, as shares of the running time.
        eagerness: how often it answers when it does not lead.
        jumps: how often it raises by more than the least.
    """

    name: str
    most: int
    begins: float
    ends: float
    eagerness: float
    jumps: float


def a_market(seed: int) -> Market:
    """The market of a seed: the same seed gives the same market."""
    chance = random.Random(seed)
    market = Market()
    _plant(market)
    for number in range(AUCTIONS):
        seller = f"seller-{number % SELLERS}"
        _hold(chance, market, number, seller)
    market.traces = list(_traces(chance, market))
    return market


def _plant(market: Market) -> None:
    market.honest = {f"honest-{number:02}" for number in range(HONEST)}
    market.shills = {f"shill-{number}" for number in range(SHILLS)}
    market.rings = [(f"ring-{one}-a", f"ring-{one}-b", f"ring-{one}-c") for one in range(RINGS)]
    market.defaulters = {f"defaulter-{number}" for number in range(DEFAULTERS)}
    market.device_pairs = {
        (f"honest-{40 + 2 * pair:02}", f"honest-{41 + 2 * pair:02}") for pair in range(DEVICE_PAIRS)
    }


def _hold(chance: random.Random, market: Market, number: int, seller: str) -> None:
    worth = round(chance.lognormvariate(17.0, 0.6))
    start = max(round(0.5 * worth / STEP), 1) * STEP
    reserve = round(chance.uniform(0.8, 1.0) * worth) if chance.random() < 0.4 else None
    agents = list(_honest(chance, number, worth, market))
    agents += _shills(chance, seller, reserve or round(0.9 * worth))
    watching = _ring(chance, market, worth, agents)
    record = _run(chance, number, seller, start, reserve, agents, watching)
    market.records.append(_paid(chance, market, record))


def _honest(chance: random.Random, number: int, worth: int, market: Market) -> Iterator[Agent]:
    """Five or so of everybody, the loyal of this seller, and the specialists of this field."""
    seller, of_field = number % SELLERS, number % (3 * FIELDS_OF_SPECIALISTS)
    names = sorted(market.honest | market.defaulters)
    for name in names:
        place = int(name.rpartition("-")[2]) if name.startswith("honest") else HONEST
        if place < LOYAL:
            comes, value = (0.75 if place % SELLERS == seller else 0.01), 0.8
        elif place < LOYAL + SPECIALISTS:
            comes, value = (0.8 if place % FIELDS_OF_SPECIALISTS == of_field else 0.02), 1.05
        else:
            comes, value = 0.05, 1.0
        if name in market.defaulters:
            comes, value = 0.12, 1.3
        if chance.random() < comes:
            yield _bidder(chance, name, round(worth * value * chance.lognormvariate(0, 0.25)))


def _bidder(chance: random.Random, name: str, most: int) -> Agent:
    begins = chance.random() ** 0.7 if chance.random() < 0.7 else chance.uniform(0.9, 0.98)
    eagerness, jumps = chance.uniform(0.15, 0.8), chance.uniform(0.0, 0.7)
    return Agent(name, most, begins, 1.0, eagerness, jumps)


def _shills(chance: random.Random, seller: str, target: int) -> Iterator[Agent]:
    """One shill for each of the first sellers; now and then it bids at others, to look like a bidder."""
    for number in range(SHILLS):
        at_home = seller == f"seller-{number}"
        if chance.random() < (0.7 if at_home else 0.02):
            most = round(target * chance.uniform(0.85, 0.99))
            leaves = chance.uniform(0.55, 0.85)
            yield Agent(f"shill-{number}", most, chance.uniform(0, 0.2), leaves, 0.8, chance.uniform(0, 0.2))


def _ring(chance: random.Random, market: Market, worth: int, agents: list[Agent]) -> frozenset[str]:
    """A ring comes where few others are; one of it bids, the others register and watch, or bid once."""
    watching: set[str] = set()
    if chance.random() > 0.35:
        return frozenset()
    ring = chance.choice(market.rings)
    del agents[chance.randrange(1, 3) :]
    members = list(ring) if chance.random() < 0.7 else chance.sample(ring, 2)
    winner = chance.choice(members)
    for member in members:
        if member == winner:
            agents.append(_bidder(chance, member, round(worth * chance.uniform(1.0, 1.4))))
        elif chance.random() < 0.3:
            agents.append(Agent(member, round(0.55 * worth), 0.0, 0.4, 0.2, 0.0))
        else:
            watching.add(member)
    return frozenset(watching)


def _run(  # noqa: PLR0917 - what one simulated auction consists of
    chance: random.Random,
    number: int,
    seller: str,
    start: int,
    reserve: int | None,
    agents: list[Agent],
    watching: frozenset[str],
) -> EndedAuction:
    terms = _terms(start, reserve)
    bids: list[Bid] = []
    state = begin(terms)
    for moment in range(1, MOMENTS):
        present = [one for one in agents if one.begins <= moment / MOMENTS <= one.ends]
        chance.shuffle(present)
        for place, agent in enumerate(present):
            at = _OPENS + _LENGTH * (moment + place / (len(present) + 1)) / MOMENTS
            state = _maybe_bid(chance, terms, state, agent, at, bids)
    state = conclude(terms, state)
    return EndedAuction(
        id=f"auction-{number:03}",
        seller=seller,
        start_price=start,
        step=STEP,
        reserve=reserve,
        price=state.price,
        winner=state.winner,
        registered=frozenset(agent.name for agent in agents) | watching,
        bids=tuple(bids),
    )


def _terms(start: int, reserve: int | None) -> Terms:
    return Terms(
        auction_format="english",
        pack=_PACK,
        currency="CNY",
        start_price=start,
        increment=STEP,
        reserve_price=reserve,
        reference_price=None,
        deposit=None,
        opens_at=_OPENS,
        closes_at=_OPENS + _LENGTH,
        options=Options(),
    )


def _maybe_bid(  # noqa: PLR0917 - the state of one simulated auction
    chance: random.Random, terms: Terms, state: State, agent: Agent, at: datetime, bids: list[Bid]
) -> State:
    if state.leader == agent.name or chance.random() > agent.eagerness:
        return state
    least = terms.start_price if state.price is None else state.price + STEP
    room = max((agent.most - least) // STEP, 0)
    jump = chance.randint(1, 5) * STEP if room > 10 and chance.random() < agent.jumps else 0
    amount = least + jump
    if amount > agent.most:
        return state
    event = Event(at, Action.BID, agent.name, f"{amount // 100}.{amount % 100:02}")
    decision = decide(terms, state, event, Bidder(agent.name))
    if decision.reason is None:
        raised = amount - state.price if state.price is not None else 0
        elapsed = (at - _OPENS) / _LENGTH
        bids.append(Bid(len(bids) + 1, agent.name, amount, raised, elapsed))
    return decision.state


def _paid(chance: random.Random, market: Market, record: EndedAuction) -> EndedAuction:
    """A defaulter leaves three of five wins unpaid, anybody else two in a hundred."""
    if record.winner is None:
        return record
    unpaid = chance.random() < (0.6 if record.winner in market.defaulters else 0.02)
    if not unpaid:
        return record
    values = {name: getattr(record, name) for name in record.__slots__}
    return EndedAuction(**(values | {"winner": None, "defaulted": frozenset({record.winner})}))


def _traces(chance: random.Random, market: Market) -> Iterator[Trace]:
    """Everybody has a device and an address, and signs in ten times.

    A third sits in one of eight offices, every fifth sign-in comes over one of six telephone networks,
    and the second of a pair now and then uses the device of the first.
    """
    bidders = sorted(market.honest | market.shills | market.ring_members | market.defaulters)
    partner = dict(market.device_pairs)
    for bidder in bidders:
        owner = next((one for one, other in partner.items() if other == bidder), bidder)
        home = f"office {chance.randrange(8)}" if chance.random() < 0.33 else f"address of {bidder}"
        program = chance.randrange(12)
        for _ in range(SIGN_INS):
            abroad = owner != bidder and chance.random() < 0.4
            device = f"device of {owner if abroad else bidder}"
            address = f"address of {owner}" if abroad and chance.random() < 0.7 else home
            if chance.random() < 0.2:
                address = f"telephone network {chance.randrange(6)}"
            yield Trace(bidder, TraceKind.DEVICE, device)
            yield Trace(bidder, TraceKind.ADDRESS, address)
            yield Trace(bidder, TraceKind.BROWSER, f"{address}, program {program}")
