"""How a sale ends otherwise than by payment: default, disqualification, cancellation; and odd deposits."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from auctions import service as auctions
from auctions.rules import Action, Outcome
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from payments import service
from payments.models import Deposit, Settlement
from payments.rules import DepositStatus, Method, PaymentStatus, PayoutKind

from .scene import (
    DEPOSIT,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    default,
    deposit_of,
    due_payouts,
    hold_by_bank,
    next_buys,
    open_auction,
    pay_out_everything,
    payment_of,
    receive,
    transfer,
    work,
)

BANK_ONLY = frozenset({Method.BANK_TRANSFER})
# The longer stories run on both databases.
SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_a_winner_who_does_not_pay_forfeits(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        (carol, carols), (dave, daves) = a_bidder(session, scene), a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols, daves)
    open_auction(scene, clock)
    bid(scene, carol, "140000.00")
    bid(scene, dave, "150000.00")
    close_auction(scene, clock)
    with atomic() as session:
        first = deal_of(session, scene)
        payment = payment_of(session, first)
        service.choose_payment_method(session, dave, payment.id, Method.BANK_TRANSFER, BANK_ONLY)
    receive(scene, payment, 300)
    clock.move_to(first.pay_by + timedelta(seconds=1))
    default(scene)
    with atomic() as session:
        assert deal_of(session, scene).status is DealStatus.DEFAULTED
    next_buys(scene, carol)
    with atomic() as session:
        assert session.get_one(Deal, first.id).status is DealStatus.DEFAULTED
        assert deposit_of(session, daves).status is DepositStatus.FORFEITED
        assert payment_of(session, session.get_one(Deal, first.id)).status is PaymentStatus.FAILED
        assert [payout.amount_minor for payout in due_payouts(session)] == [300, DEPOSIT]
        second = deal_of(session, scene)
        assert (second.buyer_id, second.price_minor) == (carol.institution_id, 14_000_000)
        balance = payment_of(session, second)
        assert balance.amount_minor == 14_000_000
        service.record_cost(session, scene.olga, second.id, payee="Notary", kind="notary", minor=50_000)
    receive(scene, balance, 14_000_000)
    transfer(scene, second)
    work()
    with atomic() as session:
        sale, forfeit = session.scalars(select(Settlement).order_by(Settlement.received_minor.desc()))
        assert {line["name"]: line["paid"] for line in sale.lines} == {
            scene.lot.institution.name: 12_000_000,
            "Taishan Holding": 2_000_000,
        }
        assert (forfeit.kind, forfeit.received_minor) == (PayoutKind.FORFEITURE, DEPOSIT)
        assert {line["name"]: line["paid"] for line in forfeit.lines} == {
            "Notary": 50_000,
            "Taishan Holding": 950_000,
        }
        assert forfeit.unpaid == {"price_gap": 50_000}
        assert forfeit.pursuable_minor == 50_000
    pay_out_everything(scene)
    work()
    with atomic() as session:
        assert deal_of(session, scene).status is DealStatus.COMPLETED


@SQLITE_ONLY
def test_a_forfeited_deposit_pays_what_the_creditors_still_lack(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        case = scene.lot.default_case
        assert case is not None
        case.principal_minor = 20_000_000
        (carol, carols), (dave, daves) = a_bidder(session, scene), a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols, daves)
    open_auction(scene, clock)
    bid(scene, carol, "140000.00")
    bid(scene, dave, "150000.00")
    close_auction(scene, clock)
    with atomic() as session:
        clock.move_to(deal_of(session, scene).pay_by + timedelta(seconds=1))
    default(scene)
    next_buys(scene, carol)
    with atomic() as session:
        second = deal_of(session, scene)
        balance = payment_of(session, second)
    receive(scene, balance, balance.amount_minor)
    transfer(scene, second)
    work()
    with atomic() as session:
        for settlement in session.scalars(select(Settlement)):
            assert {line["name"] for line in settlement.lines} == {scene.lot.institution.name}


@SQLITE_ONLY
def test_a_disqualified_winner_gets_the_deposit_back(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-court")
        carol, carols = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock)
    with atomic() as session:
        auctions.disqualify(session, scene.olga, scene.auction.id, carol.institution_id, "not an IP company")
    work()
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.RELEASED
        assert [payout.amount_minor for payout in due_payouts(session)] == [DEPOSIT]


@SQLITE_ONLY
def test_a_zero_deposit_is_not_asked_for(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="open", deposit_minor=None)
        a_bidder(session, scene)
    work()
    with atomic() as session:
        assert session.scalars(select(Deposit)).all() == []


@SQLITE_ONLY
def test_a_cancelled_auction_gives_everything_back(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session)
        _, carols = a_bidder(session, scene)
    hold_by_bank(scene, carols)
    with atomic() as session:
        auctions.control(session, scene.olga, scene.auction.id, Action.CANCEL, "the debtor has paid")
    work()
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert deposit.registration.auction.outcome is Outcome.CANCELLED
        assert deposit.status is DepositStatus.RELEASED


@SQLITE_ONLY
def test_a_deposit_larger_than_the_price_leaves_a_balance(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="open", case=False, start_price_minor=100, increment_minor=1)
        carol, carols = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols)
    open_auction(scene, clock)
    assert bid(scene, carol, "9.00") == "accepted"
    close_auction(scene, clock)
    with atomic() as session:
        deal = deal_of(session, scene)
        assert deal.status is DealStatus.PAID
        assert [payout.amount_minor for payout in due_payouts(session)] == [DEPOSIT - 900]
    transfer(scene, deal)
    work()
    with atomic() as session:
        lines = session.scalars(select(Settlement)).one().lines
        assert [(line["step"], line["paid"]) for line in lines] == [("claim", 1), ("surplus", 899)]
        assert {line["name"] for line in lines} == {scene.lot.institution.name}


@SQLITE_ONLY
def test_a_sale_off_keeps_the_announced_deposit_and_returns_the_rest_of_the_price(
    app: Flask, clock: FixedClock
) -> None:
    """Whoever bids in a sale-off holds the whole price; a default costs the deposit only."""
    with atomic() as session:
        scene = a_scene(session, pack="open", auction_format="sale_off")
        dave, daves = a_bidder(session, scene)
        assert daves.deposit_minor == 10_000_000
    clock.advance(minutes=1)
    hold_by_bank(scene, daves)
    open_auction(scene, clock)
    bid(scene, dave, "105000.00")
    clock.advance(hours=25)
    work()
    with atomic() as session:
        deal = deal_of(session, scene)
    clock.move_to(deal.pay_by + timedelta(seconds=1))
    default(scene)
    with atomic() as session:
        deposit = deposit_of(session, daves)
        assert (deposit.status, deposit.amount_minor) == (DepositStatus.FORFEITED, 10_000_000)
        assert [payout.amount_minor for payout in due_payouts(session)] == [10_000_000 - DEPOSIT]
