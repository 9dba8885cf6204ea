"""Cases 2, 21 and 24, where money is at stake: a deposit backs one registration, an end comes once."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import queries as auction_queries
from auctions import service as auctions
from auctions.rules import Action, Outcome
from marketplace.access import Actor
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, NotAllowed, Refused
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from payments import service
from payments.models import Payment
from payments.queries import pages
from payments.rules import DepositStatus, PaymentStatus, PayoutKind

from .scene import (
    DEPOSIT,
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    default,
    deposit_of,
    due_payouts,
    hold_by_bank,
    open_auction,
    payment_of,
    receive,
    work,
)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def won(clock: FixedClock) -> tuple[Scene, Actor, Actor]:
    """Carol was outbid by Dave, who has to pay 140,000.00 besides his deposit."""
    with atomic() as session:
        scene = a_scene(session)
        (carol, carols), (dave, daves) = a_bidder(session, scene), a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols, daves)
    open_auction(scene, clock)
    bid(scene, carol, "140000.00")
    bid(scene, dave, "150000.00")
    close_auction(scene, clock)
    return scene, carol, dave


def acts_on(session: Session, subject: object) -> list[tuple[str, bool, str]]:
    """What the audit says of it: the act, whether a person did it, the reason."""
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_id == subject).order_by(AuditEntry.at)
    )
    return [(entry.act, entry.person_id is not None, entry.reason) for entry in entries]


def test_case_02_one_deposit_backs_one_registration(app: Flask, clock: FixedClock) -> None:
    """The same balance backed bids in several auctions; here each registration has a deposit of its own."""
    with atomic() as session:
        one, other = a_scene(session), a_scene(session)
        carol, ones = a_bidder(session, one)
        others = auctions.register(session, carol, other.auction.id)
    clock.advance(minutes=1)
    work()
    with atomic() as session:
        first, second = deposit_of(session, ones), deposit_of(session, others)
    assert first.reference != second.reference
    receive(one, first, DEPOSIT)
    receive(one, first, DEPOSIT - 1)
    receive(other, second, 1)
    open_auction(one, clock)
    assert bid(one, carol, "100000.00") == "accepted"
    assert bid(other, carol, "100000.00") == "refused:no_deposit"
    with atomic() as session:
        assert deposit_of(session, ones).status is DepositStatus.HELD
        assert deposit_of(session, others).status is DepositStatus.REQUIRED
    receive(other, second, DEPOSIT - 1)
    assert bid(other, carol, "100000.00") == "accepted"
    work()


def test_case_02_one_line_of_the_statement_backs_one_registration(app: Flask, clock: FixedClock) -> None:
    """The same for the same transfer, entered for two auctions."""
    with atomic() as session:
        one, other = a_scene(session), a_scene(session)
        carol, ones = a_bidder(session, one)
        others = auctions.register(session, carol, other.auction.id)
    work()
    line = {"minor": DEPOSIT, "currency": "CNY", "bank_reference": "LINE-1"}
    for registration in (ones, others):
        with atomic() as session:
            reference = deposit_of(session, registration).reference
        if registration is others:
            with pytest.raises(Conflict, match="recorded_already"), atomic() as session:
                service.confirm_receipt(session, one.olga, reference=reference, **line)  # type: ignore[arg-type]
        else:
            with atomic() as session:
                service.confirm_receipt(session, one.olga, reference=reference, **line)  # type: ignore[arg-type]
    with atomic() as session:
        assert deposit_of(session, others).status is DepositStatus.REQUIRED
    work()


def test_case_21_an_auction_ends_once_and_money_goes_back_once(app: Flask, clock: FixedClock) -> None:
    """An auction could be ended more than once, and with each end the refunds grew."""
    scene, carol, dave = won(clock)
    for _ in range(3):
        with atomic() as session:
            assert not auctions.close_due(session)
            assert not auctions.open_due(session)
            cancel = auctions.control(session, scene.olga, scene.auction.id, Action.CANCEL, "End it again")
            assert cancel.decision == "refused:closed"
        work()
    with atomic() as session:
        assert auction_queries.find_auction(session, scene.auction.id).outcome is Outcome.SOLD
        (deal,) = session.scalars(select(Deal))
        assert deal.buyer_id == dave.institution_id
        (back,) = due_payouts(session)
        assert (back.kind, back.amount_minor) == (PayoutKind.RETURN, DEPOSIT)
        assert back.institution_id == carol.institution_id


def test_case_24_a_deadline_flags_and_an_officer_decides(app: Flask, clock: FixedClock) -> None:
    """A robot cancelled a paid sale at its deadline, because a paper had come too late in the day."""
    scene, _, _ = won(clock)
    with atomic() as session:
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
    for act in (service.declare_default, refuse_early):
        with pytest.raises(Conflict), atomic() as session:
            act(session, scene.olga, payment.id, "Too early")
    clock.move_to(deal.pay_by + timedelta(days=30))
    work()
    work()
    with atomic() as session:
        assert session.get_one(Deal, deal.id).status is DealStatus.AGREED
        assert auction_queries.find_auction(session, scene.auction.id).state["winner"] is not None
        assert [row.id for row in pages.overdue_payments(session)] == [payment.id]
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.PAYMENT_OVERDUE))
        assert [notice.institution_id for notice in told] == [scene.operator.id]
        with pytest.raises(Refused, match="reason_missing"):
            service.declare_default(session, scene.olga, payment.id, " ")
        with pytest.raises(NotAllowed):
            service.declare_default(session, scene.bank, payment.id, "We want it back")
    default(scene)
    with atomic() as session:
        assert session.get_one(Deal, deal.id).status is DealStatus.DEFAULTED
        logged = acts_on(session, payment.id)
        assert ("payments.payment_overdue", False, "") in logged
        assert ("payments.declare_default", True, "Nothing on the bank statement") in logged
        with pytest.raises(Conflict):
            service.declare_default(session, scene.olga, payment.id, "Once more")


def refuse_early(session: Session, actor: Actor, payment_id: uuid.UUID, reason: str) -> Payment:
    return service.give_more_time(session, actor, payment_id, 5, reason)


def test_case_24_what_is_paid_late_stays_sold(app: Flask, clock: FixedClock) -> None:
    """The wire came before the deadline, its line on the statement after it: the sale stands."""
    scene, _, dave = won(clock)
    with atomic() as session:
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
    clock.move_to(deal.pay_by + timedelta(seconds=1))
    work()
    receive(scene, payment, payment.amount_minor)
    clock.advance(days=30)
    work()
    with atomic() as session:
        assert session.get_one(Deal, deal.id).status is DealStatus.PAID
        assert session.get_one(Payment, payment.id).status is PaymentStatus.SUCCEEDED
        assert pages.overdue_payments(session) == []
        with pytest.raises(Conflict):
            service.declare_default(session, scene.olga, payment.id, "Paid too late")
        assert deal_of(session, scene).buyer_id == dave.institution_id


def test_case_24_an_officer_may_give_more_time(app: Flask, clock: FixedClock) -> None:
    """The other decision, with a reason as well; after it the deadline flags anew."""
    scene, _, _ = won(clock)
    with atomic() as session:
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
    clock.move_to(deal.pay_by + timedelta(days=1))
    work()
    with atomic() as session:
        with pytest.raises(Refused, match="too_many_days"):
            service.give_more_time(session, scene.olga, payment.id, 61, "The bank was closed")
        service.give_more_time(session, scene.olga, payment.id, 5, "The bank was closed")
        assert session.get_one(Deal, deal.id).pay_by == clock.moment + timedelta(days=5)
        assert ("payments.give_more_time", True, "The bank was closed") in acts_on(session, payment.id)
    work()
    with atomic() as session:
        assert pages.overdue_payments(session) == []
    clock.advance(days=6)
    work()
    with atomic() as session:
        assert [row.id for row in pages.overdue_payments(session)] == [payment.id]
