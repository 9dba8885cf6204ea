import json
import uuid
from datetime import timedelta

import pytest
from builders import an_actor
from flask import Flask
from sqlalchemy import select

from auctions import queries, receipts, service
from auctions.models import Auction, JournalEntry
from auctions.refusals import BiddingReason
from auctions.rules import Action, Outcome
from marketplace.access import InstitutionKind
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import ChangedHistory, atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.rules import LotStatus

from .builders_of_auctions import a_bidder, a_sale, bid, decisions, opening, tick


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
        public = queries.public_bids(session, sale.auction.id, hidden=False)
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


def test_a_clock_that_steps_back_stands_still(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        (carol, _), (dave, _) = a_bidder(session, sale), a_bidder(session, sale)
        clock.move_to(opening(sale) + timedelta(minutes=10))
        first = bid(session, carol, sale, "100000.00")
        clock.move_to(opening(sale) - timedelta(minutes=10))
        second = bid(session, dave, sale, "101000.00")
        assert (second.decision, second.at) == ("accepted", first.at)


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
        shown = [entry.amount for entry, _ in queries.public_bids(session, sale.auction.id, hidden=False)]
        assert shown == ["100000.00"]
        for secret in ("9876543", "987654.", "876543.21", "87654321", "976543.21"):
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
