"""Who pays and is paid by bank in tests: a bidder who has to, a loser whose deposit goes back, the desk."""

from dataclasses import dataclass, replace

from builders import signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from auctions.models import Registration
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.parties.models import Person
from payments import service as money
from payments.bank import service
from payments.bank.models import (
    BankAccount,
    PaymentBatch,
    PaymentOrder,
)
from payments.models import Deposit, Payout
from payments.rules import DepositStatus, PayoutStatus
from payments.service import books

from .bank_scene import (
    FIELD_KEY,
    Booked,
    a_camt,
    an_account,
    bring_in,
    holds,
    unique,
)
from .scene import (
    DEPOSIT,
    Scene,
    a_bidder,
    a_scene,
    close_auction,
    deposit_of,
    open_auction,
    work,
)


@dataclass(frozen=True)
class Waiting:
    """A bidder whose deposit is asked for, and the operator's account."""

    scene: Scene
    carol: Actor
    registration: Registration
    account: BankAccount

    @property
    def deposit(self) -> Deposit:
        with atomic() as session:
            session.expire_all()
            return deposit_of(session, self.registration)

    @property
    def held(self) -> bool:
        return self.deposit.status is DepositStatus.HELD

    def balance(self) -> int:
        with atomic() as session:
            session.expire_all()
            own = books.buyer_balance(self.scene.lot.id, self.carol.institution_id, "CNY")
            return books.balance(session, own)

    def paid(self, minor: int = DEPOSIT, **changes: str) -> Booked:
        """Carol's institution transfers money with the reference of the deposit."""
        booked = Booked(minor, purpose=f"deposit {self.deposit.reference}", reference=unique())
        return replace(booked.by(self.carol), **changes)  # type: ignore[arg-type]


def a_bidder_who_has_to_pay(app: Flask, clock: FixedClock) -> Waiting:
    with atomic() as session:
        scene = a_scene(session)
        carol, registration = a_bidder(session, scene)
    clock.advance(minutes=1)
    work()
    return Waiting(scene, carol, registration, an_account(scene))


@dataclass(frozen=True)
class Desk:
    """The operator's account with a bidder whose deposit is asked for, and browsers."""

    app: Flask
    scene: Scene
    carol: Actor
    registration: Registration
    account: BankAccount

    def browser(self, actor: Actor) -> FlaskClient:
        with atomic() as session:
            person = session.get_one(Person, actor.person_id)
        return signed_in(self.app.test_client(), person)

    def reference(self) -> str:
        with atomic() as session:
            return deposit_of(session, self.registration).reference

    def paid(self, minor: int = DEPOSIT, purpose: str = "", name: str = "") -> Booked:
        booked = Booked(minor, purpose=purpose or self.reference(), reference=unique())
        return booked if name else booked.by(self.carol)


def a_desk(app: Flask, clock: FixedClock) -> Desk:
    with atomic() as session:
        scene = a_scene(session)
        carol, registration = a_bidder(session, scene)
    clock.advance(minutes=1)
    work()
    return Desk(app, scene, carol, registration, an_account(scene))


@dataclass(frozen=True)
class Owing:
    """A loser whose deposit came by two lines from two accounts, and has to go back."""

    scene: Scene
    carol: Actor
    account: BankAccount
    payout: Payout

    def fresh(self) -> Payout:
        with atomic() as session:
            session.expire_all()
            return session.get_one(Payout, self.payout.id)


def a_loser_to_be_paid(app: Flask, clock: FixedClock) -> Owing:
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    clock.advance(minutes=1)
    work()
    account = an_account(scene)
    with atomic() as session:
        reference = deposit_of(session, carols).reference
    first = Booked(DEPOSIT - 300, purpose=reference, reference=unique(), number="6222111").by(carol)
    second = replace(first, minor=300, reference=unique(), number="6222999")
    bring_in(scene, account, a_camt([first, second]))
    open_auction(scene, clock)
    close_auction(scene, clock)
    work()
    with atomic() as session:
        payout = session.scalars(select(Payout)).one()
    assert (payout.amount_minor, payout.institution_id) == (DEPOSIT, carol.institution_id)
    release(scene, payout)
    return Owing(scene, carol, account, payout)


def release(scene: Scene, payout: Payout) -> None:
    with atomic() as session:
        money.prepare_payout(session, scene.olga, payout.id, "as released")
    with atomic() as session:
        money.approve_payout(session, scene.otto, payout.id, "as prepared")


def batch_of(owing: Owing, *payouts: Payout) -> PaymentBatch:
    ids = [payout.id for payout in payouts or (owing.payout,)]
    with atomic() as session:
        batch = service.make_batch(session, owing.scene.olga, owing.account.id, ids, FIELD_KEY)
    holds()
    with atomic() as session:
        found = session.get_one(PaymentBatch, batch.id)
        assert found.orders
        return found


def paid_line(order: PaymentOrder, **changes: object) -> Booked:
    """The bank's line for an order: our code as its end-to-end id, without the dash."""
    code = order.reference.replace("-", "")
    booked = Booked(-order.amount_minor, name=order.holder, end_to_end=code, reference=unique())
    return replace(booked, **changes)  # type: ignore[arg-type]


def hand_over(desk: Desk, clock: FixedClock) -> None:
    """One payout of the loser's deposit, in one file that the bank has."""
    with atomic() as session:
        held = session.scalars(select(Deposit.status)).one() is DepositStatus.HELD
    if not held:
        bring_in(desk.scene, desk.account, a_camt([desk.paid()]))
    open_auction(desk.scene, clock)
    close_auction(desk.scene, clock)
    work()
    with atomic() as session:
        payout = session.scalars(select(Payout.id)).one()
    with atomic() as session:
        money.prepare_payout(session, desk.scene.olga, payout, "x")
    with atomic() as session:
        money.approve_payout(session, desk.scene.otto, payout, "y")
    path = f"/money/bank/accounts/{desk.account.id}/payments"
    assert desk.browser(desk.scene.olga).post(path, data={"payouts": str(payout)}).status_code == 303
    with atomic() as session:
        session.expire_all()
        assert session.scalars(select(Payout.status)).one() is PayoutStatus.APPROVED
    holds()
