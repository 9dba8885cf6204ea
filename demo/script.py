"""Verbs of the demo's play: through the services, one transaction each, what people do on the pages."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import auctions.service
from auctions.rules import Action
from demo import cast
from marketplace import clock
from marketplace.access import Actor
from marketplace.db import atomic
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import TransferStep
from marketplace.listings import service as listings
from marketplace.listings.models import Lot
from marketplace.money import decimal_text
from payments import service as payments
from payments.models import Deposit, Payment, Payout
from payments.rules import DepositStatus, Method, PayoutStatus

BY_TRANSFER = frozenset({Method.BANK_TRANSFER})


def actor(key: str) -> Actor:
    """A member of the cast."""
    with atomic() as session:
        return cast.actor(session, key)


def submit(lot_id: uuid.UUID, opens_at: datetime, closes_at: datetime) -> str:
    """Alice completes a draft and submits it; returns the hash of what Amy has to approve."""
    with atomic() as session:
        lot = session.get_one(Lot, lot_id)
        lot.opens_at, lot.closes_at, lot.changed_at = opens_at, closes_at, clock.now()
    with atomic() as session:
        return listings.submit(session, cast.actor(session, "alice"), lot_id).content_hash or ""


def bring_to_market(lot_id: uuid.UUID, opens_at: datetime, closes_at: datetime) -> None:
    """Alice completes and submits, Amy approves what she saw, Alice publishes."""
    sealed = submit(lot_id, opens_at, closes_at)
    with atomic() as session:
        listings.approve(session, cast.actor(session, "amy"), lot_id, seen_hash=sealed)
    with atomic() as session:
        listings.publish(session, cast.actor(session, "alice"), lot_id)


def schedule(lot_id: uuid.UUID) -> uuid.UUID:
    """Alice announces the auction at the lot's own times; returns its id."""
    with atomic() as session:
        lot = session.get_one(Lot, lot_id)
        if lot.opens_at is None:
            raise ValueError("a published lot has its times")
        return auctions.service.schedule(
            session, cast.actor(session, "alice"), lot_id, lot.opens_at, lot.closes_at
        ).id


def register(auction_id: uuid.UUID, bidder: Actor) -> str:
    """Register a bidder; returns the alias."""
    with atomic() as session:
        return auctions.service.register(session, bidder, auction_id).alias


def wire_deposits(bidders: dict[uuid.UUID, Actor]) -> int:
    """Every bidder chooses a bank transfer and wires the deposit; Olga finds each on the statement."""
    with atomic() as session:
        awaited = (Deposit.institution_id.in_(list(bidders)), Deposit.status == DepositStatus.REQUIRED)
        waiting = session.scalars(select(Deposit).where(*awaited)).all()
        asked = [(row.id, row.institution_id, row.amount_minor, row.currency) for row in waiting]
    for deposit_id, institution_id, minor, currency in asked:
        with atomic() as session:
            chooser = bidders[institution_id]
            deposit = payments.choose_method(session, chooser, deposit_id, Method.BANK_TRANSFER, BY_TRANSFER)
            reference = deposit.reference
        _wire(reference, minor, currency)
    return len(asked)


def _wire(reference: str, minor: int, currency: str) -> None:
    with atomic() as session:
        payments.confirm_receipt(
            session,
            cast.actor(session, "olga"),
            reference=reference,
            minor=minor,
            currency=currency,
            bank_reference=f"DEMO-{uuid.uuid4().hex[:12].upper()}",
        )


def bid(auction_id: uuid.UUID, bidder: Actor, yuan: str) -> str:
    """Bid by hand; returns the decision."""
    with atomic() as session:
        return auctions.service.place(
            session, bidder, auction_id, Action.BID, yuan, uuid.uuid4().hex
        ).decision


def raised(lot_id: uuid.UUID, steps: int) -> str:
    """The lot's start price raised by so many increments, as a bidder writes it."""
    with atomic() as session:
        lot = session.get_one(Lot, lot_id)
        minor = (lot.start_price_minor or 0) + steps * (lot.increment_minor or 0)
        return decimal_text(minor, lot.currency)


def pay_balance(deal_id: uuid.UUID, buyer: Actor) -> int:
    """The buyer wires what is due after the deposit; returns it in minor units."""
    with atomic() as session:
        payment = session.scalars(select(Payment).where(Payment.deal_id == deal_id)).one()
        payment = payments.choose_payment_method(
            session, buyer, payment.id, Method.BANK_TRANSFER, BY_TRANSFER
        )
        due, reference, currency = payment.amount_minor, payment.reference, payment.currency
    _wire(reference, due, currency)
    return due


def transfer_title(deal_id: uuid.UUID) -> None:
    """The parties sign and file; the operator confirms the office's answer."""
    steps = (
        (TransferStep.DOCUMENTS_SIGNED, "alice", "转让合同 DEMO-1"),
        (TransferStep.RECORDAL_FILED, "alice", "著录项目变更申报书 DEMO-2"),
        (TransferStep.RECORDAL_CONFIRMED, "olga", "手续合格通知书 DEMO-3"),
    )
    for step, who, document in steps:
        with atomic() as session:
            deals.record_step(session, cast.actor(session, who), deal_id, step, document)


def pay_out() -> list[tuple[str, int, str]]:
    """Olga prepares every due payout, Otto approves, the bank pays; returns payee, minor units, currency."""
    with atomic() as session:
        due = session.scalars(select(Payout).where(Payout.status == PayoutStatus.DUE)).all()
        rows = [(row.id, row.payee, row.amount_minor, row.currency) for row in due]
    for payout_id, *_ in rows:
        with atomic() as session:
            payments.prepare_payout(session, cast.actor(session, "olga"), payout_id, "按分配方案支付")
        with atomic() as session:
            payments.approve_payout(session, cast.actor(session, "otto"), payout_id, "已核对")
        with atomic() as session:
            payments.confirm_paid(
                session, cast.actor(session, "olga"), payout_id, f"OUT-{uuid.uuid4().hex[:12].upper()}"
            )
    return [(payee, minor, currency) for _, payee, minor, currency in rows]


def broker(lot_id: uuid.UUID, price_minor: int) -> uuid.UUID:
    """Bob buys for Carol under her mandate: his offer, Alice's yes, Amy's approval; returns the deal's id."""
    now = clock.now()
    with atomic() as session:
        client_id = cast.actor(session, "carol").institution_id
        mandate_id = deals.mandates.propose(
            session,
            cast.actor(session, "bob"),
            client_id=client_id,
            lot_id=lot_id,
            commission_basis_points=300,
            valid_until=_a_month_from(now),
        ).id
    with atomic() as session:
        deals.mandates.accept(session, cast.actor(session, "carol"), mandate_id)
    with atomic() as session:
        offer_id = deals.offers.make(
            session,
            cast.actor(session, "bob"),
            mandate_id=mandate_id,
            lot_id=lot_id,
            price_minor=price_minor,
            expires_at=now + timedelta(days=7),
        ).id
    with atomic() as session:
        deals.offers.accept(session, cast.actor(session, "alice"), offer_id)
    with atomic() as session:
        return deals.offers.approve(session, cast.actor(session, "amy"), offer_id).id


def _a_month_from(moment: datetime) -> date:
    return moment.astimezone(clock.LOCAL_ZONE).date() + timedelta(days=30)


def deal_of_lot(session: Session, lot_id: uuid.UUID) -> Deal:
    """The lot's deal."""
    session.flush()
    return session.scalars(select(Deal).where(Deal.lot_id == lot_id)).one()
