"""What follows a price that was not paid: more time, the next bidder, another auction, the shortfall."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import an_actor
from flask import Flask
from sqlalchemy import select

from auctions.runner_up import service as runner_up
from auctions.runner_up.queries import offer_of
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource, DealStatus
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.rules import LotStatus
from marketplace.rule_packs import load
from payments import service
from payments.defaults import invariants, queries
from payments.defaults import service as defaults
from payments.defaults.models import Shortfall
from payments.defaults.rules import (
    DefaultReason,
    DelayGround,
    DistributionGround,
    ShortfallStatus,
    check_more_time,
    distribution_ground,
    more_time,
)
from payments.models import Account, Settlement
from payments.rules import PayoutKind

from .scene import (
    DEPOSIT,
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    default,
    hold_by_bank,
    next_buys,
    open_auction,
    pay_out_everything,
    payment_of,
    receive,
    transfer,
    work,
)

SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def won(clock: FixedClock, pack: str = "cn-bank", *, owed: int = 20_000_000) -> tuple[Scene, Actor, Actor]:
    """Dave wins at 150,000.00 before Carol at 140,000.00; the debt is larger than either."""
    with atomic() as session:
        scene = a_scene(session, pack=pack)
        case = scene.lot.default_case
        assert case is not None
        case.principal_minor = owed
        (carol, carols), (dave, daves) = a_bidder(session, scene), a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols, daves)
    open_auction(scene, clock)
    bid(scene, carol, "140000.00")
    bid(scene, dave, "150000.00")
    close_auction(scene, clock)
    return scene, carol, dave


def unpaid(scene: Scene, clock: FixedClock) -> Deal:
    """The deadline passes and the default is declared."""
    with atomic() as session:
        deal = deal_of(session, scene)
    clock.move_to(deal.pay_by + timedelta(seconds=1))
    default(scene)
    return deal


def holds() -> None:
    with atomic() as session:
        for name, question in invariants.CHECKS:
            assert not question(session), name


def test_a_default_a_no_another_sale_and_everything_to_the_fen(app: Flask, clock: FixedClock) -> None:
    """Dave defaults, Carol declines, the lot is sold for less; the deposit and the shortfall fill the gap."""
    scene, carol, dave = won(clock)
    failed = unpaid(scene, clock)
    with atomic() as session:
        offer = offer_of(session, scene.auction.id, carol.institution_id)
        assert offer is not None
        runner_up.decline(session, carol, offer.id)
        assert scene.lot.status is LotStatus.UNSOLD
    work()
    again, erin = sold_again(scene, clock, 12_000_001)
    with atomic() as session:
        service.record_cost(session, scene.olga, again.id, payee="Notary", kind="notary", minor=50_000)
        balance = payment_of(session, again)
    receive(scene, balance, balance.amount_minor)
    transfer(scene, again)
    work()
    bank = scene.lot.institution.name
    with atomic() as session:
        sale, forfeit = session.scalars(select(Settlement).order_by(Settlement.received_minor.desc()))
        assert {line["name"]: line["paid"] for line in sale.lines} == {bank: 12_000_001}
        assert [(line["step"], line["name"], line["paid"]) for line in forfeit.lines if line["paid"]] == [
            ("cost", "Notary", 50_000),
            ("price_gap", bank, DEPOSIT - 50_000),
        ]
        gap = 15_000_000 - 12_000_001
        assert forfeit.pursuable_minor == gap - (DEPOSIT - 50_000)
        (shortfall,) = queries.open_shortfalls(session)
        assert (shortfall.debtor_id, shortfall.amount_minor) == (dave.institution_id, forfeit.pursuable_minor)
        with pytest.raises(Refused, match=DefaultReason.NOT_THE_WHOLE):
            defaults.record_paid(session, scene.olga, shortfall.id, minor=1, bank_reference="L-1")
    with atomic() as session:
        owed = shortfall.amount_minor
        defaults.record_paid(session, scene.olga, shortfall.id, minor=owed, bank_reference="L-1")
    pay_out_everything(scene)
    work()
    holds()
    with atomic() as session:
        paid = session.scalars(select(Settlement).where(Settlement.kind == PayoutKind.SHORTFALL)).one()
        assert [(line["step"], line["paid"]) for line in paid.lines] == [("price_gap", owed)]
        assert session.get_one(Shortfall, shortfall.id).status is ShortfallStatus.PAID
        assert {account.balance_minor for account in session.scalars(select(Account))} == {0}
        assert session.get_one(Deal, again.id).status is DealStatus.COMPLETED
        assert session.get_one(Deal, failed.id).status is DealStatus.DEFAULTED
    assert erin.institution_id != dave.institution_id


def sold_again(scene: Scene, clock: FixedClock, price: int) -> tuple[Deal, Actor]:
    """The unsold lot goes to a newcomer by a private offer."""
    clock.advance(days=3)
    with atomic() as session:
        erin = an_actor(session, InstitutionKind.BUYER)
        deal = deals.agree(
            session,
            lot=scene.lot,
            source=DealSource.OFFER,
            source_id=scene.auction.id,
            buyer_id=erin.institution_id,
            price_minor=price,
            mandate_id=None,
            pay_by=clock.moment + timedelta(days=15),
        )
    work()
    return deal, erin


def test_a_deposit_whose_lot_is_not_sold_again_is_distributed_by_two_officers(
    app: Flask, clock: FixedClock
) -> None:
    scene, _, _ = won(clock, "cn-court")
    failed = unpaid(scene, clock)
    with atomic() as session:
        assert scene.lot.status is LotStatus.UNSOLD
        service.record_cost(session, scene.olga, failed.id, payee="Court", kind="notice", minor=30_000)
        with pytest.raises(Conflict, match=DefaultReason.STILL_TO_BE_SOLD):
            defaults.propose_distribution(session, scene.olga, failed.id, "early")
    clock.advance(days=366)
    with atomic() as session:
        row = defaults.propose_distribution(session, scene.olga, failed.id, "a year has passed")
        assert row.ground is DistributionGround.NOT_SOLD_IN_TIME
        with pytest.raises(Conflict, match=DefaultReason.PROPOSED_ALREADY):
            defaults.propose_distribution(session, scene.olga, failed.id, "again")
        with pytest.raises(NotAllowed):
            defaults.answer_distribution(session, scene.olga, row.id, agreed=True, reason="my own")
        defaults.answer_distribution(session, scene.otto, row.id, agreed=True, reason="so it is")
    with atomic() as session:
        settlement = session.scalars(select(Settlement)).one()
        bank = scene.lot.institution.name
        assert [(line["name"], line["paid"]) for line in settlement.lines] == [
            ("Court", 30_000),
            (bank, DEPOSIT - 30_000),
        ]
        assert (settlement.kind, settlement.pursuable_minor) == (PayoutKind.FORFEITURE, 0)
        with pytest.raises(Conflict, match=DefaultReason.NOTHING_FORFEITED):
            defaults.propose_distribution(session, scene.olga, failed.id, "twice")
    pay_out_everything(scene)
    work()
    holds()


@SQLITE_ONLY
def test_a_buyer_asks_for_more_time_and_an_officer_decides(app: Flask, clock: FixedClock) -> None:
    scene, carol, dave = won(clock, "cn-court")
    with atomic() as session:
        deal = deal_of(session, scene)
        payment, before = payment_of(session, deal), deal.pay_by
        ask: dict[str, Any] = {"ground": DelayGround.BANK, "reason": "Approval by our bank"}
        with pytest.raises(NotFound):
            defaults.ask_for_more_time(session, carol, payment.id, days=5, **ask)
        with pytest.raises(Refused, match=DefaultReason.TOO_MANY_DAYS):
            defaults.ask_for_more_time(session, dave, payment.id, days=16, **ask)
        first = defaults.ask_for_more_time(session, dave, payment.id, days=5, **ask)
        with pytest.raises(Conflict, match=DefaultReason.ASKED_ALREADY):
            defaults.ask_for_more_time(session, dave, payment.id, days=5, **ask)
        defaults.answer_request(session, scene.olga, first.id, agreed=False, reason="no proof")
        assert deal.pay_by == before
        second = defaults.ask_for_more_time(session, dave, payment.id, days=5, **ask)
        defaults.answer_request(session, scene.olga, second.id, agreed=True, reason="letter of the bank")
        assert (deal.pay_by, payment.prolongations) == (before + timedelta(days=5), 1)
        with pytest.raises(Conflict, match=DefaultReason.NO_MORE_TIME):
            defaults.ask_for_more_time(session, dave, payment.id, days=1, **ask)
    clock.move_to(deal.pay_by + timedelta(seconds=1))
    work()
    with atomic() as session, pytest.raises(Conflict, match=DefaultReason.NO_MORE_TIME):
        service.give_more_time(session, scene.olga, payment.id, 3, "once more")
    holds()


@SQLITE_ONLY
def test_a_shortfall_is_given_up_by_two_officers(app: Flask, clock: FixedClock) -> None:
    scene, carol, _ = won(clock)
    unpaid(scene, clock)
    next_buys(scene, carol)
    with atomic() as session:
        second = deal_of(session, scene)
        service.record_cost(session, scene.olga, second.id, payee="Notary", kind="notary", minor=200_000)
        balance = payment_of(session, second)
    receive(scene, balance, balance.amount_minor)
    transfer(scene, second)
    work()
    with atomic() as session:
        (shortfall,) = queries.open_shortfalls(session)
        assert shortfall.amount_minor == 200_000
        row = defaults.propose_waiver(session, scene.olga, shortfall.id, "insolvent")
        with pytest.raises(Conflict, match=DefaultReason.PROPOSED_ALREADY):
            defaults.propose_waiver(session, scene.olga, shortfall.id, "insolvent")
        defaults.answer_waiver(session, scene.otto, row.id, agreed=True, reason="court's ruling")
        assert shortfall.status is ShortfallStatus.WAIVED
        with pytest.raises(Conflict, match=DefaultReason.SHORTFALL_ENDED):
            defaults.propose_waiver(session, scene.olga, shortfall.id, "insolvent")
        with pytest.raises(Conflict):
            defaults.record_paid(session, scene.olga, shortfall.id, minor=200_000, bank_reference="L-2")
    holds()


@pytest.mark.parametrize("days", [0, 16])
def test_days_within_the_pack(days: int) -> None:
    with pytest.raises(Refused, match=DefaultReason.TOO_MANY_DAYS):
        check_more_time(load("cn-court"), 0, days)
    check_more_time(load("cn-court"), 0, 15)
    with pytest.raises(Conflict, match=DefaultReason.NO_MORE_TIME):
        check_more_time(load("cn-court"), 99, 15)
    assert (more_time(load("open"), 1).times, more_time(load("open"), 5).times) == (1, 0)


@pytest.mark.parametrize(
    ("on_market", "sold_again", "days", "ground"),
    [
        (True, True, 999, None),
        (False, True, 999, None),
        (False, False, 0, DistributionGround.LEFT_THE_MARKET),
        (True, False, 364, None),
        (True, False, 365, DistributionGround.NOT_SOLD_IN_TIME),
    ],
)
def test_when_a_deposit_need_not_wait(
    *, on_market: bool, sold_again: bool, days: int, ground: DistributionGround | None
) -> None:
    found = distribution_ground(
        load("cn-court"),
        on_market=on_market,
        sold_again=sold_again,
        defaulted_at=NOW,
        now=NOW + timedelta(days=days),
    )
    assert found is ground
