"""What persons decide about lines: by hand before, two together, and undone by a new row."""

import uuid
from dataclasses import replace
from functools import partial

import pytest
from builders import an_actor
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Registration
from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, Refused
from payments import ledger
from payments import service as money
from payments.bank import service
from payments.bank.models import (
    LineMatch,
)
from payments.bank.queries import bank_beside_ledger
from payments.bank.rules.words import Doubt, Found, LineStatus, MatchKind, Reason
from payments.models import BankReceipt, Payout
from payments.rules import DepositStatus, Method, PayoutStatus
from payments.service import books

from .bank_cast import Waiting
from .bank_scene import (
    Booked,
    a_camt,
    assign,
    bring_in,
    holds,
    line_with,
    match_of,
    settle_line,
    state_of,
    undo,
    unique,
)
from .scene import (
    DEPOSIT,
    bid,
    close_auction,
    open_auction,
    receive,
    work,
)

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@ON_SQLITE
def test_case_37_a_line_confirmed_by_hand_before_is_not_booked_again(waiting: Waiting) -> None:
    """A wire that an officer had confirmed was booked again from the statement."""
    line = waiting.paid()
    by_hand(waiting, line)
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert match_of(line.reference).kind is MatchKind.BY_HAND
    assert (waiting.deposit.status, waiting.balance()) == (DepositStatus.HELD, 0)
    with atomic() as session:
        (side,) = bank_beside_ledger(session)
    assert (side.cash, side.lines, side.by_hand) == (DEPOSIT, DEPOSIT, 0)


@ON_SQLITE
def test_case_37_a_line_on_a_statement_is_not_confirmed_by_hand(waiting: Waiting) -> None:
    """A wire booked from the statement was confirmed again by an officer."""
    line = waiting.paid(purpose="no word")
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    with pytest.raises(Conflict) as refused:
        by_hand(waiting, line)
    assert refused.value.reason is Reason.LINE_ON_STATEMENT


def test_a_receipt_under_another_number_is_a_question_for_a_person(waiting: Waiting) -> None:
    receive(waiting.scene, waiting.deposit, 400)
    line = waiting.paid(400)
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert state_of(line.reference).doubt is Doubt.RECEIPT_DIFFERS
    with atomic() as session:
        (side,) = bank_beside_ledger(session)
        assert (side.by_hand, side.lines) == (400, 400)
        typed = session.scalars(select(BankReceipt.bank_reference)).one()
    settle_line(waiting.scene, line.reference, MatchKind.BY_HAND, typed)
    assert waiting.balance() == 400


def by_hand(waiting: Waiting, line: Booked) -> None:
    """Olga confirms the line by hand, under the bank's number."""
    reference = waiting.deposit.reference
    with atomic() as session:
        money.confirm_receipt(
            session,
            waiting.scene.olga,
            reference=reference,
            minor=line.minor,
            currency="CNY",
            bank_reference=line.reference,
        )


@ON_SQLITE
def test_one_person_alone_assigns_nothing(waiting: Waiting, app: Flask) -> None:
    line = waiting.paid(purpose="no word")
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    line_id, reference = line_with(line.reference).id, waiting.deposit.reference
    propose = partial(
        service.propose_match, line_id=line_id, kind=MatchKind.BUYER, reference=reference, reason="x"
    )
    with atomic() as session:
        both = an_actor(session, InstitutionKind.OPERATOR, frozenset(Role), waiting.scene.operator)
        proposal = propose(session, both)
    with pytest.raises(NotAllowed), atomic() as session:
        service.decide_proposal(session, both, proposal.id, agreed=True, answer="me too")
    with pytest.raises(NotAllowed), atomic() as session:
        service.decide_proposal(session, waiting.scene.olga, proposal.id, agreed=True, answer="x")
    with pytest.raises(Conflict), atomic() as session:
        propose(session, waiting.scene.olga)
    with atomic() as session:
        service.decide_proposal(session, waiting.scene.otto, proposal.id, agreed=False, answer="no")
    assert state_of(line.reference).status is LineStatus.UNASSIGNED
    with pytest.raises(Refused), atomic() as session:
        propose(session, waiting.scene.olga, reference="AAAAA-AAAAA")
    with pytest.raises(Refused), atomic() as session:
        propose(session, waiting.scene.olga, kind=MatchKind.PAYOUT)
    holds()


def test_a_wrong_match_is_undone_by_a_new_row_and_the_hold_with_it(waiting: Waiting) -> None:
    line = waiting.paid()
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert waiting.deposit.status is DepositStatus.HELD
    undo(waiting.scene, line.reference)
    assert (waiting.deposit.status, waiting.balance()) == (DepositStatus.REQUIRED, 0)
    state = state_of(line.reference)
    assert (state.status, state.doubt, state.match_id) == (LineStatus.UNASSIGNED, Doubt.UNDONE, None)
    assign(waiting.scene, line.reference, waiting.deposit)
    holds()
    assert waiting.deposit.status is DepositStatus.HELD
    with atomic() as session:
        rows = session.scalars(select(LineMatch).order_by(LineMatch.sequence)).all()
        assert [(row.sequence, row.undoes_id is None) for row in rows] == [(1, True), (2, False), (3, True)]
        assert not session.scalars(select(Registration.id).where(Registration.deposit_held.is_(False))).all()
    work()


@ON_SQLITE
def test_money_that_has_gone_on_is_not_taken_back(waiting: Waiting, clock: FixedClock) -> None:
    line = waiting.paid()
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    open_auction(waiting.scene, clock)
    bid(waiting.scene, waiting.carol, "150000.00")
    close_auction(waiting.scene, clock)
    with pytest.raises(Refused) as refused:
        undo(waiting.scene, line.reference)
    assert refused.value.reason is Reason.MONEY_USED
    holds()


@ON_SQLITE
def test_unknown_money_goes_back_to_where_it_came_from(waiting: Waiting) -> None:
    line = waiting.paid(777, purpose="wrong number", name="A Stranger")
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    settle_line(waiting.scene, line.reference, MatchKind.RETURN)
    with atomic() as session:
        payout = session.scalars(select(Payout)).one()
        assert (payout.payee, payout.amount_minor, payout.lot_id) == ("A Stranger", 777, None)
        assert payout.status is PayoutStatus.DUE
    undo(waiting.scene, line.reference)
    with atomic() as session:
        assert session.scalars(select(Payout.status)).one() is PayoutStatus.CANCELLED


def test_fees_interest_and_the_gateways_money(waiting: Waiting) -> None:
    with atomic() as session:
        money_at_gateway(session, 5000)
    interest, collected = (Booked(900, reference=unique()), Booked(5000, reference=unique(), name="Stripe"))
    fee = Booked(-30, purpose="手续费", reference=unique(), fee=True)
    unknown_fee = Booked(-20, purpose="something", reference=unique())
    bring_in(waiting.scene, waiting.account, a_camt([interest, collected, fee, unknown_fee]))
    assert match_of(fee.reference).found is Found.FEE_CODE
    for booked, kind in (
        (interest, MatchKind.OPERATOR),
        (collected, MatchKind.GATEWAY),
        (unknown_fee, MatchKind.FEE),
    ):
        settle_line(waiting.scene, booked.reference, kind)
    undo(waiting.scene, unknown_fee.reference)
    with atomic() as session:
        (side,) = bank_beside_ledger(session)
    assert (side.cash, side.difference) == (5850, 0)


def money_at_gateway(session: Session, minor: int) -> None:
    own = books.buyer_balance(uuid.uuid4(), uuid.uuid4(), "CNY")
    own = replace(own, lot_id=None)
    moved = ledger.movement(ledger.cash(Method.STRIPE, "CNY"), own, minor)
    books.post(session, "test:gateway", subject_id=uuid.uuid4(), lot_id=None, postings=moved)
