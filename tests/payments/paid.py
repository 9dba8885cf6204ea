"""A sale whose price was paid by card or by bank, at each stage of its payout."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from stripe_fake import StripeFake

from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from payments import service
from payments.gateways.registry import Gateways
from payments.ledger import AccountName, Purpose
from payments.models import Payment, Payout
from payments.rules import Method
from payments.service import books

from .card_scene import BOTH, SAVED, gateways
from .scene import (
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    hold_by_bank,
    open_auction,
    payment_of,
    receive,
    transfer,
    work,
)


@dataclass(frozen=True)
class Sale:
    """A sale at 150,000.00: 120,000.00 for the bank, 30,000.00 for the pledgor; 140,000.00 came by card."""

    scene: Scene
    carol: Actor
    deal: Deal
    payment: Payment
    known: Gateways


def paid_by_card(clock: FixedClock, fake: StripeFake, *, settled: bool = True) -> Sale:
    """The deposit came by bank, the balance by card; with `settled` the title has passed as well."""
    known = gateways(fake, SAVED)
    scene, carol = _won(clock)
    with atomic() as session:
        payment = payment_of(session, deal_of(session, scene))
        service.choose_payment_method(session, carol, payment.id, Method.STRIPE, BOTH)
    return _sale(scene, carol, known, settled=settled)


def paid_by_bank(clock: FixedClock, *, settled: bool = True) -> Sale:
    scene, carol = _won(clock)
    with atomic() as session:
        payment = payment_of(session, deal_of(session, scene))
    receive(scene, payment, payment.amount_minor)
    return _sale(scene, carol, {}, settled=settled)


def _won(clock: FixedClock) -> tuple[Scene, Actor]:
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols)
    open_auction(scene, clock)
    assert bid(scene, carol, "150000.00") == "accepted"
    close_auction(scene, clock)
    return scene, carol


def _sale(scene: Scene, carol: Actor, known: Gateways, *, settled: bool) -> Sale:
    work(known)
    with atomic() as session:
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
    if settled:
        transfer(scene, deal)
        work(known)
    return Sale(scene, carol, deal, payment, known)


def pass_hold_back(clock: FixedClock) -> None:
    clock.advance(days=15)


def collect(sale: Sale, minor: int = 14_000_000) -> None:
    """The gateway pays what it collected to the bank."""
    with atomic() as session:
        reference = uuid.uuid4().hex
        service.collect_from_gateway(
            session, sale.scene.olga, minor=minor, currency="CNY", bank_reference=reference
        )


def payout_to(session: Session, name: str) -> Payout:
    """The one payout to that payee, or to the institution of that name."""
    return session.scalars(select(Payout).where(Payout.payee == name)).one()


def bank_payout(session: Session, sale: Sale) -> Payout:
    statement = select(Payout).where(Payout.institution_id == sale.scene.bank.institution_id)
    return session.scalars(statement.order_by(Payout.amount_minor.desc())).first()  # type: ignore[return-value]


def release(sale: Sale, payout: Payout, *, paid: bool = True) -> None:
    """Olga prepares, Otto approves; with `paid` Olga finds it on the bank statement."""
    with atomic() as session:
        service.prepare_payout(session, sale.scene.olga, payout.id, "as settled")
    with atomic() as session:
        service.approve_payout(session, sale.scene.otto, payout.id, "as prepared")
    if paid:
        with atomic() as session:
            service.confirm_paid(session, sale.scene.olga, payout.id, uuid.uuid4().hex)


def standing(purpose: Purpose, sale: Sale, party: object) -> int:
    """What stands on an account of the sale's lot."""
    with atomic() as session:
        name = AccountName(purpose, "CNY", sale.scene.lot.id, str(party))
        return books.balance(session, name)


def cash(method: Method) -> int:
    with atomic() as session:
        return books.balance(session, AccountName(Purpose.CASH, "CNY", None, str(method)))
