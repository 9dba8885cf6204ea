"""One deposit for several lots: what is bound, what is free, and what becomes of it."""

import threading
import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest
from crowd import at_once
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from auctions import service
from auctions.invariants import CHECKS
from auctions.models import Auction, Registration
from auctions.refusals import RegistrationReason
from auctions.rules import Action
from auctions.spending import queries
from auctions.spending import service as spending
from auctions.spending.models import SpendingLimit
from auctions.spending.rules import bound, headroom
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.errors import Refused

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, opening, tick

YUAN = 100
LOT: dict[str, Any] = {"deposit_minor": 10_000 * YUAN, "options": {"proxy": True}}
amounts = st.integers(1, 10**15)
percents = st.integers(1, 100)


@given(amounts, percents, st.integers(0, 10**12))
def test_what_may_be_bid_is_never_more_than_the_deposit_covers(
    free: int, percent: int, announced: int
) -> None:
    most = headroom(free, percent, announced)
    assert bound(most, percent, announced) <= free or most == 0
    assert free < announced or bound(most + 1, percent, announced) > free


def test_nothing_is_bound_by_who_does_not_lead(app: Flask, clock: FixedClock) -> None:
    assert bound(0, 25, 10_000) == 0
    assert bound(101, 25, 0) == 26
    assert bound(100, 25, 40) == 40


def a_limited_bidder(session: Session, sale: Sale, minor: int) -> tuple[Actor, Registration]:
    """A bidder whose deposit for several lots stands for this one's."""
    actor, registration = a_bidder(session, sale)
    service.set_deposit_held(session, registration.id, held=False)
    spending.set_deposit(session, registration.institution_id, "CNY", minor)
    spending.back(session, sale.auction, registration)
    return actor, registration


def also(session: Session, actor: Actor, sale: Sale) -> Registration:
    """The same bidder in another auction, with the same deposit."""
    registration = service.register(session, actor, sale.auction.id)
    spending.back(session, sale.auction, registration)
    return registration


def broken(session: Session) -> list[str]:
    return [problem for _, question in CHECKS for problem in question(session)]


def test_case_02_one_deposit_stands_for_several_lots_up_to_its_limit(app: Flask, clock: FixedClock) -> None:
    """The same balance backed bids on several auctions elsewhere: here what one binds the others lack."""
    with atomic() as session:
        first, second = a_sale(session, **LOT), a_sale(session, **LOT)
        carol, registration = a_limited_bidder(session, first, 50_000 * YUAN)
        there = also(session, carol, second)
        dave, _ = a_bidder(session, first)
        clock.move_to(opening(second))
        assert bid(session, carol, first, "200001.00").decision == "refused:over_limit"
        assert bid(session, carol, first, "120000.00").decision == "accepted"
        assert registration.bound_minor == 30_000 * YUAN
        assert bid(session, carol, second, "100000.00").decision == "refused:over_limit"
        assert bid(session, dave, first, "121000.00").decision == "accepted"
        session.refresh(registration)
        assert registration.bound_minor == 0
        assert bid(session, carol, second, "100000.00").decision == "accepted"
        assert there.bound_minor == 25_000 * YUAN
        assert not broken(session)


def test_a_maximum_is_bound_whole(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, **LOT)
        carol, registration = a_limited_bidder(session, sale, 50_000 * YUAN)
        clock.move_to(opening(sale))
        over = bid(session, carol, sale, "200001.00", action=Action.PROXY)
        left = bid(session, carol, sale, "200000.00", action=Action.PROXY)
        assert (over.decision, left.decision) == ("refused:over_limit", "accepted")
        assert registration.bound_minor == 50_000 * YUAN
        clock.advance(days=2)
        tick(session)
        auction = session.get_one(Auction, sale.auction.id)
        assert not broken(session)
        spending.release(session, registration)
        assert registration.bound_minor == 0
        assert auction.outcome == "sold"


def test_a_limit_is_taken_only_where_the_pack_and_the_format_take_it(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        own = a_sale(session, **LOT)
        clock.advance(minutes=1)
        _, registration = a_bidder(session, own)
        for auction, reason in ((own.auction, RegistrationReason.LIMIT_USED_UP),):
            with pytest.raises(Refused) as refused:
                spending.back(session, auction, registration)
            assert refused.value.reason is reason
        spending.set_deposit(session, registration.institution_id, "CNY", 24_999 * YUAN)
        with pytest.raises(Refused) as refused:
            spending.back(session, own.auction, registration)
        assert refused.value.reason is RegistrationReason.LIMIT_USED_UP
        own.auction.rule_pack = "cn-court"
        with pytest.raises(Refused) as refused:
            spending.back(session, own.auction, registration)
        assert refused.value.reason is RegistrationReason.LIMIT_NOT_TAKEN
        own.auction.rule_pack, own.auction.auction_format = "open", "sealed"
        assert spending.percent_of(own.auction) is None


def test_the_deposit_does_not_shrink_below_what_is_bound(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, **LOT)
        carol, registration = a_limited_bidder(session, sale, 50_000 * YUAN)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        with pytest.raises(Refused) as refused:
            spending.set_deposit(session, registration.institution_id, "CNY", 24_999 * YUAN)
        assert refused.value.reason is RegistrationReason.LIMIT_BOUND
        spending.set_deposit(session, registration.institution_id, "CNY", 25_000 * YUAN)


def test_more_bound_than_held_is_found(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, **LOT)
        _, registration = a_limited_bidder(session, sale, 50_000 * YUAN)
        registration.bound_minor = 50_001 * YUAN
        session.flush()
        assert any(str(registration.spending_limit_id) in problem for problem in broken(session))


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.postgresql
@pytest.mark.parametrize("locked", ["locked", "without the lock"])
def test_bids_on_two_lots_at_once_never_exceed_the_limit(
    app: Flask, clock: FixedClock, locked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit's lock is what orders them: without it the same crowd binds more than is held."""
    with atomic() as session:
        sales = [a_sale(session, **LOT) for _ in range(6)]
        carol, first = a_limited_bidder(session, sales[0], 50_000 * YUAN)
        others = [also(session, carol, sale) for sale in sales[1:]]
        limit_id, moment = first.spending_limit_id, opening(sales[-1])
        ids = [sale.auction.id for sale in sales]
        assert len(others) == 5
    clock.move_to(moment)
    if locked != "locked":
        plant_unlocked(monkeypatch, len(ids))

    def act(auction_id: uuid.UUID) -> str:
        with atomic() as session:
            return service.place(
                session, carol, auction_id, Action.BID, "100000.00", uuid.uuid4().hex
            ).decision

    answers = at_once(app, [partial(act, one) for one in ids])
    assert limit_id is not None
    monkeypatch.undo()
    held = queries.bound_elsewhere(db.session(), limit_id, None)
    assert (held <= 50_000 * YUAN) is (locked == "locked"), answers


def plant_unlocked(monkeypatch: pytest.MonkeyPatch, crowd: int) -> None:
    """The planted fault: nobody locks the limit, and all have read before anybody binds more."""
    all_have_read, read = threading.Barrier(crowd), queries.bound_elsewhere

    def unlocked(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, SpendingLimit]:
        return {one: session.get_one(SpendingLimit, one) for one in ids}

    def read_together(session: Session, limit_id: uuid.UUID, registration_id: uuid.UUID | None) -> int:
        bound_minor = read(session, limit_id, registration_id)
        all_have_read.wait(60)
        return bound_minor

    monkeypatch.setattr(queries, "lock_limits", unlocked)
    monkeypatch.setattr(queries, "bound_elsewhere", read_together)
