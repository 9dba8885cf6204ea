"""A creditor that takes the lot itself: its claim is set off, what it owes to others is paid in cash."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from builders import an_actor
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from auctions.procedure import service as procedure
from auctions.procedure.rules import AttemptTerms, Proposal
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource, DealStatus
from marketplace.errors import Conflict, NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from marketplace.rule_packs import StepKind
from payments import service
from payments.models import Payment, Payout, Settlement
from payments.rules import Method, PaymentStatus, Reason
from payments.waterfall import Claim, Cost, Sale, Step, settle_sale

from .scene import (
    Scene,
    a_bidder,
    a_case,
    a_scene,
    bid,
    close_auction,
    deal_of,
    default,
    hold_by_bank,
    open_auction,
    pay_out_everything,
    payment_of,
    receive,
    transfer,
    work,
)

START = 10_000_000


def taken(
    app: Flask, clock: FixedClock, owed: int = 12_000_000, **stated: Any
) -> tuple[Scene, Deal, Payment]:
    """The bank takes the lot at 100,000.00 after its auction found no buyer."""
    with atomic() as session:
        scene = a_scene(session)
        scene.lot.default_case = a_case(session, scene.lot.institution, owed)
    close_auction(scene, clock)
    return (scene, *decide(scene, **stated))


def decide(scene: Scene, **stated: Any) -> tuple[Deal, Payment]:
    with atomic() as session:
        lot = session.get_one(Lot, scene.lot.id)
        proposal = Proposal(kind=StepKind.TAKING, reason="no buyer", **stated)
        row = procedure.propose(session, scene.bank, lot.id, proposal)
        amy = an_actor(session, InstitutionKind.BANK, institution=lot.institution)
        procedure.approve(session, amy, row.id, seen_hash=row.content_hash)
    work()
    with atomic() as session:
        deal = deal_of(session, scene)
        return deal, payment_of(session, deal)


def payouts(deal: Deal) -> dict[str, int]:
    with atomic() as session:
        rows = session.scalars(select(Payout).where(Payout.lot_id == deal.lot_id))
        return {row.payee: row.amount_minor for row in rows}


def settlement_of(deal: Deal) -> Settlement:
    with atomic() as session:
        return session.scalars(select(Settlement).where(Settlement.deal_id == deal.id)).one()


def test_a_claim_above_the_price_leaves_nothing_to_pay(app: Flask, clock: FixedClock) -> None:
    scene, deal, payment = taken(app, clock)
    assert (payment.amount_minor, payment.set_off_minor) == (0, START)
    assert (payment.status, deal.status) == (PaymentStatus.SUCCEEDED, DealStatus.PAID)
    transfer(scene, deal)
    work()
    with atomic() as session:
        assert session.get_one(Deal, deal.id).status is DealStatus.COMPLETED
        assert session.get_one(Lot, scene.lot.id).status is LotStatus.SOLD
    settled = settlement_of(deal)
    assert (settled.received_minor, settled.set_off_minor) == (START, START)
    assert settled.unpaid == {str(scene.lot.institution_id): 2_000_000}
    assert payouts(deal) == {}


def test_what_exceeds_the_claim_and_the_costs_go_to_others(app: Flask, clock: FixedClock) -> None:
    scene, deal, payment = taken(app, clock, 6_000_000, cost_minor=150_000, cost_payee="Publisher")
    assert (payment.amount_minor, payment.set_off_minor) == (4_000_000, 6_000_000)
    with atomic() as session:
        service.record_cost(session, scene.olga, deal.id, payee="Appraiser", kind="appraisal", minor=50_000)
        assert payment_of(session, deal).amount_minor == 4_000_000  # it lessens the surplus, not the claim
    offered = frozenset(Method)
    with atomic() as session:
        mallory = an_actor(session, InstitutionKind.BANK)
        with pytest.raises(NotFound):
            service.choose_payment_method(session, mallory, payment.id, Method.BANK_TRANSFER, offered)
        service.choose_payment_method(session, scene.bank, payment.id, Method.BANK_TRANSFER, offered)
    receive(scene, payment, 4_000_000)
    transfer(scene, deal)
    work()
    assert payouts(deal) == {"Publisher": 150_000, "Appraiser": 50_000, "Taishan Holding": 3_800_000}
    pay_out_everything(scene)
    work()
    with atomic() as session:
        assert session.get_one(Deal, deal.id).status is DealStatus.COMPLETED


def test_a_cost_before_the_payment_raises_it_and_after_it_is_refused(app: Flask, clock: FixedClock) -> None:
    scene, deal, payment = taken(app, clock, cost_minor=100_000, cost_payee="Publisher")
    assert (payment.amount_minor, payment.set_off_minor) == (100_000, 9_900_000)
    with atomic() as session:
        service.record_cost(session, scene.olga, deal.id, payee="Appraiser", kind="appraisal", minor=1)
        payment = payment_of(session, deal)
        assert (payment.amount_minor, payment.set_off_minor) == (100_001, 9_899_999)
    receive(scene, payment, 100_001)
    with atomic() as session, pytest.raises(Conflict, match=Reason.SET_OFF_ALREADY):
        service.record_cost(session, scene.olga, deal.id, payee="Late", kind="late", minor=1)
    transfer(scene, deal)
    work()
    assert payouts(deal) == {"Publisher": 100_000, "Appraiser": 1}


def test_a_claim_that_ranks_before_is_paid_in(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session)
        pledge = scene.lot.rights[0].encumbrances[0]
        pledge.rank = 2
        earlier = Encumbrance(
            right_id=scene.lot.rights[0].id,
            kind=EncumbranceKind.PLEDGE,
            holder="First Bank",
            rank=1,
            claim_minor=3_000_000,
            currency="CNY",
        )
        session.add(earlier)
        session.flush()
        session.refresh(scene.lot.rights[0])
    close_auction(scene, clock)
    deal, payment = decide(scene)
    assert (payment.amount_minor, payment.set_off_minor) == (3_000_000, 7_000_000)
    receive(scene, payment, 3_000_000)
    transfer(scene, deal)
    work()
    assert payouts(deal) == {"First Bank": 3_000_000}


def test_an_unpaid_surplus_gives_the_lot_back(app: Flask, clock: FixedClock) -> None:
    scene, deal, _ = taken(app, clock, 6_000_000)
    clock.advance(days=16)
    default(scene)
    with atomic() as session:
        assert session.get_one(Deal, deal.id).status is DealStatus.DEFAULTED
        lot = session.get_one(Lot, scene.lot.id)
        assert lot.status is LotStatus.UNSOLD
        kinds = {step.kind for step in procedure.possible_now(session, lot, clock.moment)}
        assert StepKind.TAKING in kinds
    again, payment = decide(scene)
    assert again.id != deal.id
    assert payment.amount_minor == 4_000_000


def test_a_forfeited_deposit_still_pays_the_costs_first(app: Flask, clock: FixedClock) -> None:
    """Carol wins and does not pay; nobody comes to the new auction; the bank takes the lot."""
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock)
    clock.advance(days=16)
    default(scene)
    fail_again(scene, clock)
    deal, payment = decide(scene, cost_minor=200_000, cost_payee="Publisher")
    assert (deal.source, payment.amount_minor) == (DealSource.TAKING, 200_000)
    receive(scene, payment, 200_000)
    transfer(scene, deal)
    work()
    paid = payouts(deal)
    assert paid["Publisher"] == 200_000
    # The deposit of 10,000.00 paid the costs; the bank gets their 2,000.00 back beside the rest of it.
    with atomic() as session:
        rows = session.scalars(select(Payout).where(Payout.lot_id == deal.lot_id)).all()
        assert sum(row.amount_minor for row in rows) == 1_000_000 + 200_000


def fail_again(scene: Scene, clock: FixedClock) -> None:
    """The lot is auctioned again by a step of two persons, and nobody bids."""
    opens = clock.moment + timedelta(days=29)
    with atomic() as session:
        lot = session.get_one(Lot, scene.lot.id)
        terms = AttemptTerms(
            start_price_minor=START,
            deposit_minor=1_000_000,
            increment_minor=100_000,
            opens_at=opens + timedelta(days=2),
            closes_at=opens + timedelta(days=3),
        )
        proposal = Proposal(kind=StepKind.NEXT_AUCTION, reason="unpaid", attempt=terms)
        row = procedure.propose(session, scene.bank, lot.id, proposal)
        amy = an_actor(session, InstitutionKind.BANK, institution=lot.institution)
        procedure.approve(session, amy, row.id, seen_hash=row.content_hash)
    clock.move_to(opens + timedelta(days=4))
    work()


CLAIMS = st.lists(
    st.tuples(st.sampled_from(["bank", "other", "third"]), st.integers(1, 3), st.integers(0, 900))
)


@given(price=st.integers(1, 1_000), costs=st.lists(st.integers(0, 300), max_size=3), claims=CLAIMS)
def test_what_is_paid_in_pays_everybody_else_to_the_minor_unit(
    price: int, costs: list[int], claims: list[tuple[str, int, int]]
) -> None:
    sale = Sale(
        currency="CNY",
        price=price,
        costs=tuple(Cost("publisher", uuid.uuid4().hex, cost) for cost in costs),
        commissions=(),
        claims=tuple(Claim(creditor, rank, amount) for creditor, rank, amount in claims),
        surplus_to="pledgor",
    )
    lines = settle_sale(sale).lines
    set_off = sum(line.paid for line in lines if line.step is Step.CLAIM and line.party == "bank")
    others = sum(line.paid for line in lines if line.party != "bank")
    assert price - set_off == others
    assert 0 <= set_off <= price
