"""Late bids on a whole and its parts at once: nobody waits for ever, and all end together.

Every bid near the end moves the end of the others too, so it needs their rows: without the combination locked
first, two such bids hold one row each and want the other's.
"""

import threading
import uuid
from datetime import datetime, timedelta
from functools import partial

import pytest
from builders import a_lot, an_actor, an_institution
from crowd import raised_at_once
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from auctions import invariants, service
from auctions.combination.ends import extend_siblings
from auctions.combination.service import decide_combination, schedule_together
from auctions.models import Auction
from auctions.rules import Action, Outcome
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.listings import service as listings
from marketplace.listings.rules import LotStatus
from marketplace.listings.terms import LotTerms
from marketplace.money import decimal_text

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", [pytest.param("postgresql")], indirect=True),
]

# Per auction two bidders, who raise by turns.
Cast = list[tuple[uuid.UUID, tuple[Actor, Actor]]]

ROUNDS = 8
DEADLOCK_FOUND_WITHIN = 30


@pytest.fixture
def near_the_end(app: Flask, clock: FixedClock) -> Cast:
    """The three auctions of a combination, a minute before their end, each with two bidders."""
    with atomic() as session:
        bank = an_institution(session, InstitutionKind.BANK)
        seller = an_actor(session, InstitutionKind.BANK, institution=bank)
        parts = [
            a_lot(session, bank, rule_pack="open", reserve_minor=None, deposit_minor=None) for _ in range(2)
        ]
        terms = LotTerms(
            reference="W", title="W", rule_pack="open", start_price_minor=10_000_000, increment_minor=100_000
        )
        whole = listings.draft_whole(session, seller, terms, part_ids=[part.id for part in parts])
        whole.status, whole.published_at = LotStatus.PUBLISHED, clock.moment
        session.flush()
        opens_at = clock.moment + timedelta(hours=1)
        schedule_together(session, seller, whole.id, opens_at, opens_at + timedelta(days=1))
        found = []
        for auction_id in session.scalars(select(Auction.id)):
            pair = an_actor(session, InstitutionKind.BUYER), an_actor(session, InstitutionKind.BUYER)
            for bidder in pair:
                service.register(session, bidder, auction_id)
            found.append((auction_id, pair))
    clock.move_to(opens_at)
    with atomic() as session:
        while service.open_due(session):
            pass
    clock.move_to(opens_at + timedelta(days=1) - timedelta(minutes=1))
    db.session.remove()
    return found


def bid_late(app: Flask, cast: Cast, number: int) -> list[BaseException]:
    """One bid on each of the three at once; returns what was raised."""
    return raised_at_once(app, [partial(_raise, auction_id, pair[number % 2]) for auction_id, pair in cast])


def _raise(auction_id: uuid.UUID, bidder: Actor) -> None:
    with atomic() as session:
        price = session.scalar(select(Auction.price_minor).where(Auction.id == auction_id))
        amount = decimal_text((price or 9_900_000) + 100_000, "CNY")
        service.place(session, bidder, auction_id, Action.BID, amount, uuid.uuid4().hex)


def ends(session: Session) -> list[datetime]:
    session.rollback()
    return [end for end in session.scalars(select(Auction.closes_at)) if end is not None]


def test_late_bids_on_all_of_them_neither_block_nor_part_their_ends(
    app: Flask, clock: FixedClock, near_the_end: Cast
) -> None:
    for number in range(ROUNDS):
        clock.advance(minutes=4)
        assert bid_late(app, near_the_end, number) == []
        found = ends(db.session())
        assert max(found) - min(found) < timedelta(seconds=1)
    clock.advance(hours=1)
    with atomic() as session:
        assert decide_combination(session)
        outcomes = list(session.scalars(select(Auction.outcome)))
    assert Outcome.OPEN not in outcomes
    assert [fault for _, check in invariants.CHECKS for fault in check(db.session())] == []


def test_without_the_combination_locked_first_they_block_each_other(
    app: Flask,
    clock: FixedClock,
    near_the_end: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("auctions.service.placing.lock_combination_of", lambda _session, _auction_id: None)
    meeting = threading.Barrier(len(near_the_end))

    def meet_first(session: Session, auction: Auction, now: datetime) -> None:
        """Every bid holds its own row by now; none goes on before all do."""
        meeting.wait(DEADLOCK_FOUND_WITHIN)
        extend_siblings(session, auction, now)

    monkeypatch.setattr("auctions.service.placing.extend_siblings", meet_first)
    raised = bid_late(app, near_the_end, 0)
    assert any(isinstance(error, OperationalError) for error in raised), "the fault was not found"
