"""Lots sold together or apart: the better total wins, the other side gives way, no right is sold twice."""

from datetime import datetime, timedelta

import pytest
from builders import a_lot, an_actor, an_institution
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import auctions.invariants
import marketplace.deals.invariants
import marketplace.listings.invariants
from auctions import service
from auctions.combination.rules import Totals, Way, totals
from auctions.combination.service import cancel_incomplete, decide_combination, schedule_together
from auctions.models import Auction, Combination
from auctions.rules import Action, EndReason, Outcome, Reason, State
from auctions.rules.after_close import give_way
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.errors import Conflict
from marketplace.listings import service as listings
from marketplace.listings.rules import LotStatus
from marketplace.listings.terms import LotTerms

from .builders_of_auctions import Sale, a_bidder, bid

PRICES = st.none() | st.integers(1, 10**12)


@pytest.mark.parametrize(
    ("whole", "parts", "way"),
    [
        (100, [60, 39], Way.TOGETHER),
        (100, [60, 40], Way.TOGETHER),
        (100, [60, 41], Way.APART),
        (100, [None, None], Way.TOGETHER),
        (None, [None, 1], Way.APART),
        (None, [None, None], Way.NEITHER),
        (100, [101, None], Way.APART),
    ],
)
def test_the_better_total_wins_and_of_equal_ones_the_whole(
    whole: int | None, parts: list[int | None], way: Way
) -> None:
    assert totals(whole, parts).better is way


@given(whole=PRICES, parts=st.lists(PRICES, max_size=20))
def test_the_way_taken_never_brings_less(whole: int | None, parts: list[int | None]) -> None:
    found = totals(whole, parts)
    brings = {Way.TOGETHER: found.whole, Way.APART: found.parts, Way.NEITHER: 0}[found.better] or 0
    assert brings >= max(whole or 0, sum(price or 0 for price in parts))
    assert (found.better is Way.NEITHER) is (found == Totals(None, None))


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(Outcome.OPEN, Reason.NOT_ALLOWED_IN_STAGE), (Outcome.UNSOLD, Reason.CLOSED)],
)
def test_only_a_sale_gives_way(outcome: Outcome, reason: Reason) -> None:
    assert give_way(State(closes_at=None, outcome=outcome)) is reason


class Stage:
    """A whole of 250,000.00 and its two parts of 100,000.00 each, announced and open."""

    def __init__(self, session: Session, clock: FixedClock) -> None:
        self.session, self.clock = session, clock
        bank = an_institution(session, InstitutionKind.BANK)
        self.bank = an_actor(session, InstitutionKind.BANK, institution=bank)
        self.operator = an_actor(session, InstitutionKind.OPERATOR)
        parts = [
            a_lot(session, bank, rule_pack="open", reserve_minor=None, deposit_minor=None) for _ in range(2)
        ]
        terms = LotTerms(
            reference="W",
            title="Family",
            rule_pack="open",
            start_price_minor=25_000_000,
            increment_minor=100_000,
        )
        whole = listings.draft_whole(session, self.bank, terms, part_ids=[part.id for part in parts])
        whole.status, whole.published_at = LotStatus.PUBLISHED, clock()
        session.flush()
        opens_at = clock() + timedelta(hours=1)
        schedule_together(session, self.bank, whole.id, opens_at, opens_at + timedelta(hours=24))
        self.lots = [whole, *parts]
        self.sales = [
            Sale(
                session.scalars(select(Auction).where(Auction.lot_id == lot.id)).one(),
                lot,
                self.bank,
                self.operator,
            )
            for lot in self.lots
        ]
        self.bidders = [a_bidder(session, sale)[0] for sale in self.sales]
        clock.advance(hours=2)
        self.tick()

    def bids(self, *amounts: str | None) -> None:
        for sale, bidder, amount in zip(self.sales, self.bidders, amounts, strict=True):
            if amount is not None:
                assert bid(self.session, bidder, sale, amount).decision == "accepted"

    def tick(self) -> None:
        for job in (service.open_due, service.close_due, cancel_incomplete, decide_combination):
            while job(self.session):
                pass

    def outcomes(self) -> list[Outcome]:
        return [self.session.get_one(Auction, sale.auction.id).outcome for sale in self.sales]

    def combination(self) -> Combination:
        return self.session.scalars(select(Combination)).one()

    def faults(self) -> list[str]:
        checks = (
            *auctions.invariants.CHECKS,
            *marketplace.listings.invariants.CHECKS,
            *marketplace.deals.invariants.CHECKS,
        )
        return [fault for _, check in checks for fault in check(self.session)]


SOLD, UNSOLD, CANCELLED = Outcome.SOLD, Outcome.UNSOLD, Outcome.CANCELLED


@pytest.mark.parametrize(
    ("amounts", "way", "expected"),
    [
        (("300000.00", "120000.00", "130000.00"), Way.TOGETHER, [SOLD, UNSOLD, UNSOLD]),
        (("300000.00", "170000.00", "131000.00"), Way.APART, [UNSOLD, SOLD, SOLD]),
        (("300000.00", "301000.00", None), Way.APART, [UNSOLD, SOLD, UNSOLD]),
        ((None, "100000.00", None), Way.APART, [UNSOLD, SOLD, UNSOLD]),
        ((None, None, None), Way.NEITHER, [UNSOLD, UNSOLD, UNSOLD]),
    ],
)
def test_one_side_is_sold_and_the_other_gives_way(
    session: Session,
    clock: FixedClock,
    amounts: tuple[str | None, ...],
    way: Way,
    expected: list[Outcome],
) -> None:
    with atomic():
        stage = Stage(session, clock)
        stage.bids(*amounts)
        clock.advance(hours=24)
        stage.tick()
        assert stage.outcomes() == expected
        assert stage.combination().way is way
        deals = session.scalars(select(Deal)).all()
        assert {deal.lot_id for deal in deals} == {
            lot.id for lot, outcome in zip(stage.lots, expected, strict=True) if outcome is SOLD
        }
        for sale, outcome, amount in zip(stage.sales, expected, amounts, strict=True):
            reason = session.get_one(Auction, sale.auction.id).state["reason"]
            if outcome is UNSOLD:
                assert reason == (EndReason.GAVE_WAY if amount else EndReason.NO_BIDS)
        assert not decide_combination(session), "a combination is decided once"
    assert stage.faults() == []


def ends(stage: Stage) -> list[datetime]:
    found = [stage.session.get_one(Auction, sale.auction.id).closes_at for sale in stage.sales]
    return [end for end in found if end is not None]


def test_a_late_bid_on_one_moves_the_end_of_all(session: Session, clock: FixedClock) -> None:
    with atomic():
        stage = Stage(session, clock)
        clock.advance(hours=22, minutes=59)
        stage.bids(None, "100000.00", None)
        assert max(ends(stage)) - min(ends(stage)) < timedelta(seconds=1)
        assert min(ends(stage)) >= clock() + timedelta(minutes=5)
        clock.advance(minutes=3)
        stage.bids("300000.00", None, None)
        assert min(ends(stage)) >= clock() + timedelta(minutes=5)
    assert stage.faults() == []


def test_all_stand_still_and_go_on_together(session: Session, clock: FixedClock) -> None:
    with atomic():
        stage = Stage(session, clock)
        before = ends(stage)
        service.control(session, stage.operator, stage.sales[1].auction.id, Action.SUSPEND, "a question")
        clock.advance(hours=30)
        stage.tick()
        assert stage.outcomes() == [Outcome.OPEN] * 3
        service.control(session, stage.operator, stage.sales[0].auction.id, Action.RESUME, "answered")
        assert ends(stage) == [end + timedelta(hours=30) for end in before]
    assert stage.faults() == []


def test_nothing_is_decided_while_one_of_them_still_takes_bids(session: Session, clock: FixedClock) -> None:
    with atomic():
        stage = Stage(session, clock)
        clock.advance(hours=22, minutes=57)
        stage.bids("300000.00", None, None)
        clock.advance(minutes=4)
        stage.tick()
        assert stage.outcomes() == [Outcome.OPEN] * 3
        clock.advance(minutes=10)
        stage.tick()
        assert stage.outcomes() == [SOLD, UNSOLD, UNSOLD]


def test_a_whole_falls_with_one_of_its_parts(session: Session, clock: FixedClock) -> None:
    with atomic():
        stage = Stage(session, clock)
        stage.bids("300000.00", "120000.00", "130000.00")
        service.control(session, stage.operator, stage.sales[1].auction.id, Action.CANCEL, "redeemed")
        stage.tick()
        assert stage.outcomes() == [CANCELLED, CANCELLED, Outcome.OPEN]
        clock.advance(hours=24)
        stage.tick()
        assert stage.outcomes() == [CANCELLED, CANCELLED, SOLD]
        assert stage.combination().way is Way.APART
    assert stage.faults() == []


def test_rights_in_a_deal_are_not_auctioned_again_as_part_or_whole(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        stage = Stage(session, clock)
        stage.bids("300000.00", None, None)
        clock.advance(hours=24)
        stage.tick()
        opens_at = clock() + timedelta(hours=1)
        with pytest.raises(Conflict):
            service.schedule(session, stage.bank, stage.lots[1].id, opens_at, opens_at + timedelta(hours=24))


def test_a_part_that_is_not_on_the_market_is_named(session: Session, clock: FixedClock) -> None:
    with atomic():
        stage = Stage(session, clock)
        clock.advance(hours=24)
        stage.tick()
        for lot in stage.lots[:2]:
            lot.status = LotStatus.PUBLISHED
        session.flush()
        opens_at = clock() + timedelta(hours=1)
        with pytest.raises(Conflict) as caught:
            schedule_together(session, stage.bank, stage.lots[0].id, opens_at, opens_at + timedelta(hours=24))
    assert caught.value.details["reference"] == stage.lots[2].reference


def test_when_the_buyer_of_the_whole_does_not_pay_the_parts_can_be_offered_again(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        stage = Stage(session, clock)
        stage.bids("300000.00", "100000.00", None)
        clock.advance(hours=24)
        stage.tick()
        service.record_default(session, stage.sales[0].auction.id, stage.bidders[0].institution_id)
        assert stage.outcomes() == [UNSOLD] * 3
        stage.lots[1].status = LotStatus.PUBLISHED
        opens_at = clock() + timedelta(hours=1)
        again = service.schedule(
            session, stage.bank, stage.lots[1].id, opens_at, opens_at + timedelta(hours=24)
        )
        assert again.attempt == 2
    assert stage.faults() == []
