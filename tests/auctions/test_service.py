import json
import uuid
from datetime import timedelta

import pytest
from builders import a_lot, a_mandate, an_actor, an_institution
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import queries, receipts, service
from auctions.models import Auction, JournalEntry
from auctions.refusals import BiddingReason, RegistrationReason, ScheduleReason
from auctions.rules import Action, Outcome
from marketplace.access import InstitutionKind
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import ChangedHistory, atomic
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus, MandateSide
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.rules import LotStatus
from marketplace.parties.rules import InstitutionStatus

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, opening


def tick(session: Session) -> None:
    while service.open_due(session):
        pass
    while service.close_due(session):
        pass


def decisions(session: Session, sale: Sale) -> list[str]:
    return [entry.decision for entry, _ in queries.journal_of(session, sale.auction.id)]


def test_a_sale_from_schedule_to_deal(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, rule_pack="cn-bank", deposit_minor=1_000_000)
        (carol, carols), (dave, daves) = a_bidder(session, sale), a_bidder(session, sale)
    with atomic() as session:
        assert bid(session, carol, sale, "100000.00").decision == "refused:not_open"
    clock.move_to(opening(sale))
    with atomic() as session:
        tick(session)
        assert sale.lot.status is LotStatus.RESERVED
        assert bid(session, carol, sale, "100000.00").decision == "accepted"
        assert bid(session, dave, sale, "100500.00").decision == "refused:below_minimum"
        assert bid(session, dave, sale, "101000.00").decision == "accepted"
    clock.advance(hours=24)
    with atomic() as session:
        assert bid(session, carol, sale, "150000.00").decision == "refused:closed"
        tick(session)
        assert not service.close_due(session)
    with atomic() as session:
        auction = queries.find_auction(session, sale.auction.id)
        assert (auction.outcome, auction.price_minor, auction.leader_id) == (
            Outcome.SOLD,
            10_100_000,
            daves.id,
        )
        (deal,) = session.scalars(select(Deal))
        assert (deal.buyer_id, deal.price_minor, deal.status) == (
            dave.institution_id,
            10_100_000,
            DealStatus.AGREED,
        )
        assert deal.pay_by == clock.moment + timedelta(days=15)
        assert carols.alias != daves.alias


def test_the_journal_is_dense_chained_and_signed(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, options={"proxy": True})
        (carol, _), (dave, _) = a_bidder(session, sale), a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "300000.00", action=Action.PROXY)
        bid(session, dave, sale, "x\x00" + "9" * 100)
        entry = bid(session, dave, sale, "200000.00")
    with atomic() as session:
        entries = queries.journal_of(session, sale.auction.id)
        assert [found.sequence for found, _ in entries] == [1, 2, 3, 4, 5]
        assert [found.caused_by for found, _ in entries] == [None, 1, None, None, 4]
        assert [found.amount for found, _ in entries][-1] == "201000.00"
        key = receipts.public_key_text()
        assert all(receipts.verify(key, found.hash, found.receipt) for found, _ in entries)
        assert not receipts.verify(key, "0" * 64, entry.receipt)
        assert not receipts.verify(key, entry.hash, "no receipt")
        public = queries.public_bids(session, sale.auction.id)
        assert [found.amount for found, _ in public] == ["201000.00", "200000.00", "100000.00"]


def test_a_key_gets_one_answer_for_ever(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        (carol, _), (dave, _) = a_bidder(session, sale), a_bidder(session, sale)
        clock.move_to(opening(sale))
        first = bid(session, carol, sale, "100000.00", key="key-number-1")
    clock.advance(days=3)
    with atomic() as session:
        tick(session)
        again = bid(session, carol, sale, "100000.00", key="key-number-1")
        assert (again.id, again.decision) == (first.id, "accepted")
        for actor, amount in ((carol, "100000.0"), (dave, "100000.00")):
            with pytest.raises(Conflict) as refused:
                bid(session, actor, sale, amount, key="key-number-1")
            assert refused.value.reason is BiddingReason.KEY_USED_OTHERWISE
        assert decisions(session, sale) == ["accepted"]


def test_what_is_no_bid_is_refused_and_not_recorded(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        carol, _ = a_bidder(session, sale)
        stranger = an_actor(session, InstitutionKind.BUYER)
        with pytest.raises(Refused, match="not_a_bid"):
            bid(session, carol, sale, None, action=Action.CANCEL)
        with pytest.raises(Refused, match="key_malformed"):
            bid(session, carol, sale, "1", key="short")
        with pytest.raises(Refused, match="not_registered"):
            bid(session, stranger, sale, "100000.00")
        with pytest.raises(NotAllowed):
            bid(session, sale.bank, sale, "100000.00")
        with pytest.raises(NotFound):
            service.place(session, carol, uuid.uuid4(), Action.BID, "1", "key-number-1")
        assert decisions(session, sale) == []


def test_admission_is_asked_at_the_moment_of_the_bid(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, rule_pack="cn-bank", deposit_minor=1_000_000)
        carol, registration = a_bidder(session, sale)
        service.set_deposit_held(session, registration.id, False)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        service.set_deposit_held(session, registration.id, True)
        service.admit(session, sale.bank, registration.id, admitted=False, reason="papers")
        bid(session, carol, sale, "100000.00")
        service.admit(session, sale.bank, registration.id, admitted=True)
        registration.institution.status = InstitutionStatus.SUSPENDED
        session.flush()
        bid(session, carol, sale, "100000.00")
        registration.institution.status = InstitutionStatus.VERIFIED
        session.flush()
        bid(session, carol, sale, "100000.00")
        assert decisions(session, sale) == [
            "refused:no_deposit",
            "refused:not_admitted",
            "refused:not_admitted",
            "accepted",
        ]
        with pytest.raises(Refused, match="bidding_has_begun"):
            service.admit(session, sale.bank, registration.id, admitted=True, priority_order=1)
        mallory = an_actor(session, InstitutionKind.BANK)
        with pytest.raises(NotFound):
            service.admit(session, mallory, registration.id, admitted=False)
        with pytest.raises(NotFound):
            service.set_deposit_held(session, uuid.uuid4(), True)


def test_who_may_not_register(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        bob_institution = an_institution(session, InstitutionKind.AGENCY)
        bob = an_actor(session, InstitutionKind.AGENCY, institution=bob_institution)
        buyer = an_institution(session, InstitutionKind.BUYER)
        unverified = an_institution(session, InstitutionKind.BUYER)
        unverified.status = InstitutionStatus.REGISTERED

        def reason(**arguments: object) -> object:
            with pytest.raises(Refused) as refused:
                service.register(session, bob, sale.auction.id, **arguments)  # type: ignore[arg-type]
            return refused.value.reason

        assert reason() is RegistrationReason.MANDATE_NEEDED
        stale = a_mandate(
            session, bob_institution, buyer, valid_until=clock.moment.date() - timedelta(days=1)
        )
        assert reason(mandate_id=stale.id) is RegistrationReason.MANDATE_NOT_VALID
        unknown = a_mandate(session, bob_institution, unverified)
        assert reason(mandate_id=unknown.id) is RegistrationReason.BUYER_NOT_VERIFIED
        good = a_mandate(session, bob_institution, buyer)
        selling = a_mandate(session, bob_institution, sale.lot.institution)
        assert reason(mandate_id=good.id) is RegistrationReason.SELLING_AGENCY_MAY_NOT_BID
        selling.valid_until = clock.moment.date() - timedelta(days=1)
        session.flush()
        foreign = a_mandate(session, an_institution(session, InstitutionKind.AGENCY), buyer)
        with pytest.raises(NotFound):
            service.register(session, bob, sale.auction.id, mandate_id=foreign.id)
        with pytest.raises(NotAllowed):
            service.register(session, sale.bank, sale.auction.id)
        registration = service.register(session, bob, sale.auction.id, mandate_id=good.id)
        assert registration.institution_id == buyer.id
        assert service.register(session, bob, sale.auction.id, mandate_id=good.id) is registration
        carol = an_actor(session, InstitutionKind.BUYER, institution=buyer)
        with pytest.raises(Conflict, match="registered_otherwise"):
            service.register(session, carol, sale.auction.id)
        other = a_mandate(session, bob_institution, an_institution(session, InstitutionKind.BUYER))
        with pytest.raises(Conflict, match="registered_otherwise"):
            service.register(session, bob, sale.auction.id, mandate_id=other.id)
        clock.move_to(opening(sale))
        assert bid(session, bob, sale, "100000.00").decision == "accepted"
        clock.advance(days=2)
        assert reason(mandate_id=good.id) is RegistrationReason.AUCTION_ENDED


def test_a_bank_that_is_the_client_of_a_buyer_may_not_bid_for_its_own_lot(
    app: Flask, clock: FixedClock
) -> None:
    with atomic() as session:
        sale = a_sale(session)
        agency = an_institution(session, InstitutionKind.AGENCY)
        bob = an_actor(session, InstitutionKind.AGENCY, institution=agency)
        secret = a_mandate(session, agency, sale.lot.institution, side=MandateSide.BUY)
        with pytest.raises(Refused, match="seller_may_not_bid"):
            service.register(session, bob, sale.auction.id, mandate_id=secret.id)


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
        again = service.schedule(
            session,
            sale.bank,
            sale.lot.id,
            clock.moment + timedelta(hours=1),
            clock.moment + timedelta(hours=25),
        )
        assert (again.attempt, again.terms["options"]["round"]) == (2, 2)


def test_a_clock_that_steps_back_stands_still(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        (carol, _), (dave, _) = a_bidder(session, sale), a_bidder(session, sale)
        clock.move_to(opening(sale) + timedelta(minutes=10))
        first = bid(session, carol, sale, "100000.00")
        clock.move_to(opening(sale) - timedelta(minutes=10))
        second = bid(session, dave, sale, "101000.00")
        assert (second.decision, second.at) == ("accepted", first.at)


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
        assert early.decision == "refused:not_allowed_in_stage"
        assert service.record_default(session, sale.auction.id, dave.institution_id).decision == "accepted"
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
        sale = a_sale(session, rule_pack="cn-state", reference_price_minor=None)
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        clock.advance(days=1)
        service.record_default(session, sale.auction.id, carol.institution_id)
        assert sale.auction.outcome is Outcome.UNSOLD
        again = service.schedule(
            session,
            sale.bank,
            sale.lot.id,
            clock.moment + timedelta(hours=1),
            clock.moment + timedelta(hours=25),
        )
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
        assert reason(auction_format="sealed") == (ScheduleReason.TERMS_INCOMPLETE, "format")
        with pytest.raises(Conflict, match="auction_not_ended"):
            service.schedule(session, sale.bank, sale.lot.id, opens, opens + timedelta(hours=24))
        lot = a_lot(session, sale.lot.institution, rule_pack="open", reserve_minor=None)
        with pytest.raises(Refused, match="opening_passed"):
            service.schedule(session, sale.bank, lot.id, clock.moment, opens)
        mallory = an_actor(session, InstitutionKind.BANK)
        with pytest.raises(NotFound):
            service.schedule(session, mallory, lot.id, opens, opens + timedelta(hours=24))


def test_no_secret_stands_in_the_audit_or_the_public_bids(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, rule_pack="cn-bank", reserve_minor=98_765_400, options={"proxy": True})
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "876543.21", action=Action.PROXY)
        bid(session, carol, sale, "976543.21", action=Action.PROXY)
        clock.advance(days=2)
        tick(session)
        audited = json.dumps([entry.facts for entry in session.scalars(select(AuditEntry))])
        shown = [entry.amount for entry, _ in queries.public_bids(session, sale.auction.id)]
        assert shown == ["100000.00"]
        for secret in ("9876543", "987654", "876543.21", "87654321", "976543.21"):
            assert secret not in audited
        assert sale.auction.outcome is Outcome.UNSOLD


def test_history_is_only_added_to(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")

    def forge() -> None:
        with atomic() as session:
            session.scalars(select(JournalEntry)).one().amount_minor = 1

    with pytest.raises(ChangedHistory):
        forge()


def test_queries_find_what_they_name(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        carol, registration = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "1")
        assert [entry.decision for entry in queries.entries_of_registration(session, registration.id)] == [
            "refused:below_start"
        ]
        assert list(session.scalars(queries.listed(Outcome.OPEN))) == [sale.auction]
        assert queries.count_journal(session, sale.auction.id) == 1
        for find in (queries.find_auction, queries.lock_auction):
            with pytest.raises(NotFound):
                find(session, uuid.uuid4())
        with pytest.raises(NotFound):
            queries.registration_by_alias(session, sale.auction.id, "nobody")
        assert isinstance(sale.auction, Auction)
