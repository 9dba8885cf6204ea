"""A lot that leaves the market: the debtor redeems it, or the bank withdraws it."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from auctions import service as bidding
from auctions.procedure import queries, service
from auctions.procedure.rules import ProcedureReason, Proposal
from auctions.rules import Outcome
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict
from marketplace.listings.rules import LotStatus
from marketplace.notices.rules import NoticeKind
from marketplace.rule_packs import StepKind

from .builders_of_auctions import a_bidder, bid, opening, tick
from .builders_of_steps import a_colleague, announced, decided, proposal, readers, refused, unsold


def redemption(**changes: Any) -> Proposal:
    values: dict[str, Any] = {"price_minor": 9_000_000, "document": "R-1", "paid_on": date(2026, 3, 1)}
    return proposal(StepKind.REDEMPTION, **(values | changes))


def test_a_redemption_stops_an_announced_auction_before_its_day(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = announced(session, clock, rule_pack="cn-bank")
        opens = sale.auction.opens_at
        carol, _ = a_bidder(session, sale)
        for changes, reason in (
            ({"price_minor": 8_999_999}, ProcedureReason.LESS_THAN_THE_DEBT),
            ({"cost_minor": 1, "cost_payee": "X"}, ProcedureReason.LESS_THAN_THE_DEBT),
            ({"paid_on": date(2026, 3, 3)}, ProcedureReason.PAID_IN_THE_FUTURE),
            ({"paid_on": None}, ProcedureReason.PAID_IN_THE_FUTURE),
            (
                {"paid_on": date(2026, 3, 2)},
                ProcedureReason.PAID_TOO_LATE,
            ),  # opens that day
            ({"price_minor": None}, ProcedureReason.PRICE_NEEDED),
        ):
            assert refused(session, sale, redemption(**changes)).reason == reason
        decided(session, sale.bank, sale.lot, redemption())
        assert (sale.auction.outcome, sale.lot.status) == (Outcome.CANCELLED, LotStatus.WITHDRAWN)
        assert readers(session, NoticeKind.LOT_REDEEMED) == {carol.institution_id}
        clock.move_to(opens)
        assert bid(session, carol, sale, "100000.00").decision == "refused:closed"


def test_nothing_is_decided_once_bidding_has_begun(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = announced(session, clock, rule_pack="cn-bank")
        row = service.propose(session, sale.bank, sale.lot.id, redemption())
        clock.move_to(opening(sale))
        amy = a_colleague(session, sale.lot)
        with pytest.raises(Conflict, match=ProcedureReason.STEP_NOT_ALLOWED):
            service.approve(session, amy, row.id, seen_hash=row.content_hash)
        tick(session)
        with pytest.raises(Conflict, match=ProcedureReason.STEP_NOT_ALLOWED):
            service.approve(session, amy, row.id, seen_hash=row.content_hash)
        assert sale.lot.status is LotStatus.RESERVED


def test_a_proposal_is_overtaken_by_another_attempt(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = announced(session, clock, rule_pack="cn-bank", published_at=clock.moment - timedelta(days=40))
        row = service.propose(session, sale.bank, sale.lot.id, proposal(StepKind.WITHDRAWAL))
        sale.auction.outcome, sale.auction.closed_at = Outcome.CANCELLED, clock.moment
        opens = clock.moment + timedelta(days=2)
        bidding.schedule(session, sale.bank, sale.lot.id, opens, opens + timedelta(days=1))
        amy = a_colleague(session, sale.lot)
        with pytest.raises(Conflict, match=ProcedureReason.STEP_OVERTAKEN):
            service.approve(session, amy, row.id, seen_hash=row.content_hash)


def test_a_withdrawal_keeps_reason_and_cost(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock, rule_pack="open")
        row = decided(
            session,
            sale.bank,
            sale.lot,
            proposal(StepKind.WITHDRAWAL, cost_minor=30_000, cost_payee="Publisher"),
        )
        answer = queries.answer_to(session, row.id)
        assert answer is not None
        assert (answer.cost_minor, answer.cost_payee, answer.reason) == (30_000, "Publisher", "nobody came")
        assert sale.lot.status is LotStatus.WITHDRAWN
        assert service.possible_now(session, sale.lot, clock.moment) == ()
