"""Bids and closes in the same millisecond, two workers closing, and a clock that steps back."""

import random
import threading
import uuid
from datetime import datetime, timedelta

import pytest
from builders import a_lot, an_actor, an_institution
from crowd import raised_at_once
from flask import Flask
from soak import examples
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions import invariants, line, queries, service
from auctions.journal import chain_faults
from auctions.models import Auction
from auctions.rules import Action, Outcome
from auctions.service import Act
from marketplace import clock as system_clock
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.deals.models import Deal
from marketplace.money import decimal_text

START, STEP = 10_000_000, 100_000
BIDDERS, WORKERS, ROUNDS = 4, 2, 30
CLOSES_IN = timedelta(hours=2)


class _Ticking:
    """A clock that moves some microseconds at each look, so that the end falls among the looks."""

    def __init__(self, moment: datetime, step: int) -> None:
        self.moment, self.step = moment, timedelta(microseconds=step)
        self.lock = threading.Lock()

    def __call__(self) -> datetime:
        with self.lock:
            self.moment += self.step
            return self.moment


@pytest.fixture
def bidders(app: Flask, clock: FixedClock) -> list[Actor]:
    with atomic() as session:
        return [an_actor(session, InstitutionKind.BUYER) for _ in range(BIDDERS)]


def running_auction(clock: FixedClock, bidders: list[Actor]) -> uuid.UUID:
    """A new auction that has just opened, with everybody registered and a first bid."""
    with atomic() as session:
        bank = an_institution(session, InstitutionKind.BANK)
        seller = an_actor(session, InstitutionKind.BANK, institution=bank)
        options = {"extension_window_seconds": 0}
        lot = a_lot(session, bank, rule_pack="open", reserve_minor=None, deposit_minor=None, options=options)
        opens_at = clock.moment + timedelta(minutes=1)
        auction = service.schedule(session, seller, lot.id, opens_at, opens_at + CLOSES_IN)
        for bidder in bidders:
            service.register(session, bidder, auction.id)
    clock.move_to(opens_at)
    bid(bidders[0], auction.id, START)
    db.session.remove()
    return auction.id


def bid(actor: Actor, auction_id: uuid.UUID, amount: int) -> str:
    text = decimal_text(amount, "CNY")
    return line.bid(auction_id, Act(actor, Action.BID, text, uuid.uuid4().hex)).decision


def close() -> None:
    with atomic() as session:
        service.close_due(session)


def faults(session: Session, auction_id: uuid.UUID) -> list[str]:
    """What is wrong with an auction that has ended: its journal, its result, its deals."""
    session.rollback()
    auction = queries.find_auction(session, auction_id)
    entries = queries.journal_of(session, auction_id)
    deals = select(func.count()).select_from(Deal).where(Deal.source_id == auction_id)
    found = chain_faults(entries)
    if auction.outcome is not Outcome.SOLD:
        found.append(f"the auction is {auction.outcome}")
    if (count := session.scalar(deals)) != 1:
        found.append(f"there are {count} deals")
    late = [
        entry.sequence for entry, _ in entries if entry.decision == "accepted" and entry.at >= _end(auction)
    ]
    return found + [f"entry {sequence} was accepted after the end" for sequence in late]


def _end(auction: Auction) -> datetime:
    assert auction.closes_at is not None
    return auction.closes_at


@pytest.mark.postgresql
@pytest.mark.parametrize("databases", [pytest.param("postgresql")], indirect=True)
def test_bids_and_two_workers_in_the_same_millisecond(
    app: Flask, clock: FixedClock, bidders: list[Actor]
) -> None:
    chance, late = random.Random(1), 0
    for turn in range(examples(ROUNDS)):
        auction_id = running_auction(clock, bidders)
        end = clock.moment + CLOSES_IN
        ticking = _Ticking(end - timedelta(microseconds=chance.randint(1, 30)), chance.randint(1, 5))
        decisions: list[str] = []

        def bid_now(actor: Actor, amount: int, auction_id: uuid.UUID = auction_id) -> None:
            decisions.append(bid(actor, auction_id, amount))  # noqa: B023 - the round waits for its threads

        crowd = [
            lambda actor=actor, amount=START + STEP * place: bid_now(actor, amount)
            for place, actor in enumerate(bidders[1:], start=1)
        ]
        with system_clock.use(ticking):
            assert raised_at_once(app, [*crowd, *[close] * WORKERS]) == [], turn
            ticking.moment = end
            assert raised_at_once(app, [close] * WORKERS) == []
        clock.move_to(end)
        late += decisions.count("refused:closed")
        assert faults(db.session(), auction_id) == [], turn
    assert [name for name, question in invariants.CHECKS if question(db.session())] == []
    assert 0 < late < examples(ROUNDS) * (BIDDERS - 1), "the end never fell among the bids"


def test_a_clock_that_steps_back_moves_nothing_back(
    app: Flask, clock: FixedClock, bidders: list[Actor]
) -> None:
    auction_id = running_auction(clock, bidders)
    opened, chance = clock.moment, random.Random(2)
    for number in range(1, 30):
        clock.move_to(opened + timedelta(seconds=chance.randint(-3600, 3600)))
        assert bid(bidders[number % BIDDERS], auction_id, START + STEP * number) == "accepted"
    with atomic() as session:
        moments = [entry.at for entry, _ in queries.journal_of(session, auction_id)]
        assert moments == sorted(moments)
        assert moments[0] == opened


def test_nothing_closes_early_or_twice_when_the_clock_steps_back(
    app: Flask, clock: FixedClock, bidders: list[Actor]
) -> None:
    auction_id = running_auction(clock, bidders)
    end = clock.moment + CLOSES_IN
    for moment in (end - timedelta(microseconds=1), end - timedelta(hours=1)):
        clock.move_to(moment)
        close()
        assert db.session.get_one(Auction, auction_id, populate_existing=True).outcome is Outcome.OPEN
    clock.move_to(end)
    close()
    assert faults(db.session(), auction_id) == []
    clock.move_to(end - timedelta(hours=1))
    assert bid(bidders[1], auction_id, START + STEP) == "refused:closed"
    for moment in (end - timedelta(hours=1), end, end + timedelta(hours=1)):
        clock.move_to(moment)
        close()
    assert faults(db.session(), auction_id) == []
