import uuid
from datetime import timedelta

import pytest
from builders import a_lot, an_actor
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import service
from auctions.refusals import ScheduleReason
from auctions.rules import Action, Outcome
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.rules import LotStatus
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind

from .builders_of_auctions import a_bidder, a_sale, bid, opening, says_yes, tick
from .builders_of_steps import auctioned_again, terms


def told(session: Session) -> list[tuple[uuid.UUID, NoticeKind, int | None]]:
    notices = session.scalars(select(Notice).order_by(Notice.kind))
    return [(notice.institution_id, notice.kind, notice.amount_minor) for notice in notices]


def test_control_needs_a_reason_and_an_operator(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        carol, _ = a_bidder(session, sale)
        control = (session, sale.operator, sale.auction.id)
        with pytest.raises(Refused, match="reason_missing"):
            service.control(*control, Action.SUSPEND, " ")
        with pytest.raises(Refused, match="not_a_control"):
            service.control(*control, Action.BID, "why")
        with pytest.raises(NotAllowed):
            service.control(session, sale.bank, sale.auction.id, Action.SUSPEND, "why")
        clock.move_to(opening(sale))
        tick(session)
        ends = sale.auction.closes_at
        service.control(*control, Action.SUSPEND, "power failure")
        assert service.control(*control, Action.SUSPEND, "again").decision == "refused:suspended"
        clock.advance(days=2)
        tick(session)
        assert bid(session, carol, sale, "100000.00").decision == "refused:suspended"
        assert {reader for reader, _, _ in told(session)} == {
            carol.institution_id,
            sale.bank.institution_id,
        }
        service.control(*control, Action.RESUME, "power is back")
        assert sale.auction.closes_at == ends + timedelta(days=2)  # type: ignore[operator]
        assert bid(session, carol, sale, "100000.00").decision == "accepted"
        service.control(*control, Action.CANCEL, "court order")
        assert sale.auction.outcome is Outcome.CANCELLED
        assert sale.lot.status is LotStatus.PUBLISHED
        assert bid(session, carol, sale, "200000.00").decision == "refused:closed"


def test_a_bid_that_arrives_before_the_worker_opens_the_auction(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        assert bid(session, carol, sale, "100000.00").decision == "accepted"
        assert sale.lot.status is LotStatus.RESERVED
        assert not service.open_due(session)


def test_a_lot_that_is_gone_at_the_opening_cancels_its_auction(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        carol, _ = a_bidder(session, sale)
        sale.lot.status = LotStatus.WITHDRAWN
        clock.move_to(opening(sale))
        assert bid(session, carol, sale, "100000.00").decision == "refused:closed"
        assert (sale.auction.outcome, sale.auction.opened_at) == (Outcome.CANCELLED, None)
        assert sale.auction.closed_at == clock.moment


def test_without_bids_the_lot_is_unsold(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        clock.move_to(opening(sale) + timedelta(days=2))
        assert service.close_due(session)
        assert (sale.auction.outcome, sale.lot.status) == (Outcome.UNSOLD, LotStatus.UNSOLD)
        assert told(session) == [(sale.bank.institution_id, NoticeKind.AUCTION_UNSOLD, None)]
        opens = clock.moment + timedelta(hours=1)
        with pytest.raises(Conflict, match="step_not_decided"):
            service.schedule(session, sale.bank, sale.lot.id, opens, opens + timedelta(hours=24))
        again = auctioned_again(session, sale.bank, sale.lot, terms(10_000_000, opens))
        assert again.previous_id == sale.auction.id
        assert (again.attempt, again.terms["options"]["round"]) == (2, 2)


def test_a_default_hands_the_lot_to_the_next_on_the_ladder(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, rule_pack="cn-bank")
        (carol, _), (dave, _) = a_bidder(session, sale), a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        bid(session, dave, sale, "105000.00")
        clock.advance(days=1)
        tick(session)
        clock.advance(days=20)
        early = service.record_default(session, sale.auction.id, carol.institution_id)
        assert told(session) == [
            (carol.institution_id, NoticeKind.AUCTION_LOST, None),
            (dave.institution_id, NoticeKind.AUCTION_WON, 10_500_000),
            (carol.institution_id, NoticeKind.OUTBID, 10_500_000),
        ]
        assert early.decision == "refused:not_allowed_in_stage"
        assert service.record_default(session, sale.auction.id, dave.institution_id).decision == "accepted"
        assert [deal.status for deal in session.scalars(select(Deal))] == [DealStatus.DEFAULTED]
        says_yes(session, carol, sale.auction.id)
        found = session.scalars(select(Deal).order_by(Deal.price_minor)).all()
        assert [(deal.buyer_id, deal.status) for deal in found] == [
            (carol.institution_id, DealStatus.AGREED),
            (dave.institution_id, DealStatus.DEFAULTED),
        ]
        assert service.record_default(session, sale.auction.id, dave.institution_id).decision.startswith(
            "refused"
        )
        with pytest.raises(NotFound):
            service.record_default(session, sale.auction.id, uuid.uuid4())
        gone = service.disqualify(
            session, sale.operator, sale.auction.id, carol.institution_id, "not qualified"
        )
        assert gone.decision == "accepted"
        assert (sale.auction.outcome, sale.lot.status) == (Outcome.UNSOLD, LotStatus.UNSOLD)
        assert sale.auction.state["forfeited"] == [sale.auction.state["struck"][0]]


def test_a_defaulter_is_barred_from_the_new_auction(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, rule_pack="cn-state")
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        clock.advance(days=1)
        service.record_default(session, sale.auction.id, carol.institution_id)
        assert sale.auction.outcome is Outcome.UNSOLD
        again = auctioned_again(session, sale.bank, sale.lot, terms(10_000_000))
        assert again.terms["options"]["round"] == 1
        with pytest.raises(Refused, match="defaulted_before"):
            service.register(session, carol, again.id)


def test_a_paid_deal_is_not_taken_away(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        clock.advance(days=1)
        tick(session)
        (deal,) = session.scalars(select(Deal))
        deals.mark_paid(session, deal)
        with pytest.raises(Conflict):
            service.record_default(session, sale.auction.id, carol.institution_id)


def test_scheduling_checks_the_lot_and_its_pack(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        opens = clock.moment + timedelta(hours=2)

        def reason(**changes: object) -> object:
            values = {"rule_pack": "open", "reserve_minor": None, "deposit_minor": None} | changes
            lot = a_lot(session, sale.lot.institution, **values)
            with pytest.raises(Refused) as refused:
                service.schedule(session, sale.bank, lot.id, opens, opens + timedelta(hours=24))
            return refused.value.reason, refused.value.field

        assert reason(status=LotStatus.DRAFTED) == (ScheduleReason.LOT_NOT_FOR_SALE, None)
        assert reason(rule_pack="cn-court") == (ScheduleReason.OUTSIDE_LIMITS, "start_price_minor")
        assert reason(increment_minor=None) == (ScheduleReason.TERMS_INCOMPLETE, "increment")
        assert reason(auction_format="chant") == (ScheduleReason.TERMS_INCOMPLETE, "format")
        with pytest.raises(Conflict, match="auction_not_ended"):
            service.schedule(session, sale.bank, sale.lot.id, opens, opens + timedelta(hours=24))
        lot = a_lot(session, sale.lot.institution, rule_pack="open", reserve_minor=None)
        with pytest.raises(Refused, match="opening_passed"):
            service.schedule(session, sale.bank, lot.id, clock.moment, opens)
        mallory = an_actor(session, InstitutionKind.BANK)
        with pytest.raises(NotFound):
            service.schedule(session, mallory, lot.id, opens, opens + timedelta(hours=24))
