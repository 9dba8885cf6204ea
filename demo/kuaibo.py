"""The Kuaibo trademark lot of 2020, brought to a close again: published figures, scripted bids."""

import csv
import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo import cast, script
from demo.portfolio import DATA
from marketplace import clock, rule_packs
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.listings.models import DefaultCase, Lot
from marketplace.money import split
from marketplace.parties.sign_in import actor_of
from marketplace.rights.models import Right
from marketplace.rights.rules import RightType

RECORD = "T044"
INCREMENT_YUAN = 500
_EXTENDING_BIDS = 12


@dataclass(frozen=True, slots=True)
class Published:
    """What the source says of the sale; amounts in whole yuan."""

    title: str
    registrations: int
    start: int
    deposit: int
    bidders: int
    bids: int
    price: int


def published() -> Published:
    """The lot's row of the real prior sales."""
    with (DATA / "prior_sales.csv").open(newline="") as sales:
        row = next(row for row in csv.DictReader(sales) if row["id"] == RECORD)
    figures = (
        int(row[name]) for name in ("n_assets", "start_price", "deposit", "n_bidders", "n_bids", "price")
    )
    return Published(row["asset"], *figures)


def draft(reference: str, title: str, registrations: int, start_yuan: int, deposit_yuan: int) -> uuid.UUID:
    """Alice's draft of a batch of trademarks, pledged for a loan; returns the lot's id."""
    now, pack = clock.now(), rule_packs.load("cn-bank")
    with atomic() as session:
        alice = cast.actor(session, "alice")
        batch = Right(
            institution_id=alice.institution_id,
            right_type=RightType.TRADEMARK,
            number=reference,
            title=title,
            registrations=registrations,
            imported_at=now,
        )
        case = DefaultCase(
            institution_id=alice.institution_id,
            reference=f"DK-{reference}",
            debtor="演示债务人00",
            pledgor="演示出质人00",
            currency="CNY",
            principal_minor=8_000_000_00,
            interest_minor=640_000_00,
            opened_at=now,
        )
        lot = Lot(
            institution_id=alice.institution_id,
            default_case=case,
            rights=[batch],
            reference=reference,
            title=title,
            currency="CNY",
            start_price_minor=start_yuan * 100,
            deposit_minor=deposit_yuan * 100,
            increment_minor=INCREMENT_YUAN * 100,
            rule_pack=pack.name,
            rule_pack_version=pack.version,
            drafted_at=now,
            changed_at=now,
        )
        session.add(lot)
        session.flush()
        return lot.id


def enrol_bidders(count: int) -> list[Actor]:
    """Carol, Dave and as many more buyers as the sale had."""
    with atomic() as session:
        bidders = [cast.actor(session, "carol"), cast.actor(session, "dave")]
        roles = frozenset({Role.OFFICER, Role.APPROVER})
        for number in range(3, count + 1):
            member = cast.Member(f"bidder{number}", f"竞买人{number:02d}", roles)
            house = cast.House(InstitutionKind.BUYER, f"演示竞买企业{number:02d}", 100 + number, (member,))
            bidders.append(actor_of(cast.enrol(session, house, hashed="!").people[0]))
    return bidders


def amounts(facts: Published) -> list[int]:
    """The bids in yuan: growing from the start price to the hammer price by whole increments."""
    raises = facts.bids - 1
    steps = (facts.price - facts.start) // INCREMENT_YUAN - raises
    growing = [1 + step for step in split(steps, [weight**2 for weight in range(1, raises + 1)])]
    bids = [facts.start]
    for raised in growing:
        bids.append(bids[-1] + raised * INCREMENT_YUAN)
    bids[-1] = facts.price
    return bids


def bid_to_the_close(
    auction_id: uuid.UUID, bidders: list[Actor], fixed: FixedClock, opens_at: datetime, closes_at: datetime
) -> datetime:
    """Place every bid at its moment, the last ones late enough to extend; returns the last moment."""
    facts, chance = published(), random.Random(RECORD)  # noqa: S311 - a script, not a secret
    early = facts.bids - _EXTENDING_BIDS
    pace = (closes_at - opens_at - timedelta(minutes=10)) / early
    leader = -1
    for number, amount in enumerate(amounts(facts)):
        late = max(0, number - early + 1)
        moment = closes_at - timedelta(minutes=5) + timedelta(minutes=late)
        fixed.move_to(moment if late else opens_at + pace * number + timedelta(seconds=1))
        leader = 0 if number == facts.bids - 1 else _other(chance, leader, len(bidders), late=bool(late))
        decision = script.bid(auction_id, bidders[leader], f"{amount}.00")
        if decision != "accepted":
            raise AssertionError(f"bid {number + 1} of {amount} yuan was {decision}")
    return clock.now()


def _other(chance: random.Random, leader: int, count: int, *, late: bool) -> int:
    """Somebody who does not lead; near the end never Carol, so that hers can be the last word."""
    return chance.choice([index for index in range(1 if late else 0, count) if index != leader])
