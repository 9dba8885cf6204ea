"""Sealed bids that are opened late, or never, or by a bid that comes too late; the same bid sent twice."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from auctions import service
from auctions.models import Registration
from auctions.queries import journal_of
from auctions.rules import Action, Outcome
from auctions.scenarios.recorded import NeverOpened, as_scenario
from auctions.sealing.rules import OPENING_PERIOD, SealingReason
from auctions.service.contributing import opening_file
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind

from .builders_of_auctions import a_bidder, bid, opening
from .builders_of_sealing import (
    SealedSale,
    a_sealed_sale,
    all_hold,
    auction,
    closed,
    contribute,
    custody,
    opened,
    played,
    refused,
)


@pytest.fixture
def bidden(app: Flask, clock: FixedClock) -> SealedSale:
    """Two bidders: 650,000.00 at last from the first, 600,000.00 from the second; one refused."""
    return played(clock)


def test_unopened_in_time_it_is_cancelled_and_stays_sealed(bidden: SealedSale, clock: FixedClock) -> None:
    closed(bidden, clock)
    contribute(bidden, bidden.bank[0])
    clock.advance(days=2, hours=1)
    with atomic() as session:
        assert service.remind_due(session)
        assert not service.remind_due(session)
        asked = select(Notice.institution_id).where(Notice.kind == NoticeKind.OPENING_DUE)
        told = session.scalars(asked).all()
        held = custody(session, bidden)
        assert (told.count(held.first_id), told.count(held.second_id)) == (1, 2)
        assert not service.lapse_due(session)
    assert held.closed_at is not None
    assert held.open_by == held.closed_at + OPENING_PERIOD
    clock.move_to(held.open_by + timedelta(seconds=1))
    with atomic() as session, refused(SealingReason.TOO_LATE, Conflict):
        opening_file(session, bidden.operator[0].actor, bidden.auction_id)
    with atomic() as session:
        assert service.lapse_due(session)
        assert not service.lapse_due(session)
    with atomic() as session:
        assert auction(session, bidden).outcome is Outcome.CANCELLED
        assert opened(session, bidden) == {}
        all_hold(session)
        with pytest.raises(NeverOpened):
            as_scenario(session, bidden.auction_id)
    with atomic() as session, refused(SealingReason.NOT_AWAITING, Conflict):
        opening_file(session, bidden.operator[0].actor, bidden.auction_id)


def test_the_operator_may_cancel_what_waits_but_neither_stop_nor_strike_it(
    bidden: SealedSale, clock: FixedClock
) -> None:
    closed(bidden, clock)
    operator = bidden.sale.operator
    with atomic() as session:
        stopped = service.control(session, operator, bidden.auction_id, Action.SUSPEND, "no")
        assert stopped.decision == "refused:closed"
        cancelled = service.control(session, operator, bidden.auction_id, Action.CANCEL, "flood")
        assert cancelled.decision == "accepted"
    with atomic() as session:
        found = auction(session, bidden)
        assert (found.outcome, found.awaits_opening) == (Outcome.CANCELLED, False)
        assert not service.lapse_due(session)
        all_hold(session)


def test_nobody_is_struck_before_anybody_has_won(bidden: SealedSale, clock: FixedClock) -> None:
    closed(bidden, clock)
    with atomic() as session:
        someone = journal_of(session, bidden.auction_id)[0][0].registration_id
        institution_id = session.get_one(Registration, someone).institution_id
        with refused(SealingReason.STILL_SEALED, Conflict):
            service.record_default(session, bidden.auction_id, institution_id)


def test_a_bid_that_comes_too_late_is_kept_nowhere(bidden: SealedSale, clock: FixedClock) -> None:
    with atomic() as session:
        erin, _ = a_bidder(session, bidden.sale)
    clock.advance(days=1)
    with atomic() as session:
        late = bid(session, erin, bidden.sale, "999999.00", key="late-bid-1")
        assert (late.decision, late.amount, late.commitment) == ("refused:closed", None, None)
        assert bid(session, erin, bidden.sale, "999999.00", key="late-bid-1").id == late.id
    closed(bidden, clock)
    for officer in (bidden.bank[0], bidden.operator[0]):
        contribute(bidden, officer)
    with atomic() as session:
        assert auction(session, bidden).price_minor == 65_000_000
        all_hold(session)


def test_where_nobody_bid_nobody_has_to_open(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sealed = a_sealed_sale(session)
    clock.move_to(opening(sealed.sale))
    closed(sealed, clock)
    with atomic() as session:
        found = auction(session, sealed)
        assert (found.outcome, found.awaits_opening) == (Outcome.UNSOLD, False)
        all_hold(session)


def test_the_same_act_again_is_known_by_its_salt(bidden: SealedSale, clock: FixedClock) -> None:
    with atomic() as session:
        erin, _ = a_bidder(session, bidden.sale)
    sale, salt = bidden.sale, "5a" * 32
    with atomic() as session:
        first = service.place(session, erin, sale.auction.id, Action.BID, "700000.00", "erins-bid", salt)
        again = service.place(session, erin, sale.auction.id, Action.BID, "700000.00", "erins-bid", salt)
        assert again.id == first.id
        for amount, grain in (("700001.00", salt), ("700000.00", "5b" * 32)):
            with pytest.raises(Conflict):
                service.place(session, erin, sale.auction.id, Action.BID, amount, "erins-bid", grain)
        with refused(SealingReason.SALT_MALFORMED):
            service.place(session, erin, sale.auction.id, Action.BID, "7.00", "erins-bid-2", "5a")
