"""Statements out of order, workers that stop, officers and files at the same moment."""

import uuid
from functools import partial

import pytest
from builders import an_actor
from crowd import at_once
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, Refused
from payments.bank import service, working
from payments.bank.models import (
    BankLine,
    LineProposal,
    LineState,
)
from payments.bank.queries import lock_line
from payments.bank.rules.words import Found, MatchKind, Reason
from payments.bank.service import matching
from payments.models import Payout
from payments.rules import DepositStatus, PayoutKind

from .bank_cast import Waiting
from .bank_scene import (
    Booked,
    a_camt,
    an_account,
    bring_in,
    holds,
    line_with,
    receive_only,
    unique,
)
from .scene import (
    DEPOSIT,
    a_bidder,
    bid,
    close_auction,
    deposit_of,
    hold_by_bank,
    open_auction,
    work,
)

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@ON_SQLITE
def test_a_statement_that_pays_out_more_than_there_is_waits_for_the_one_before(waiting: Waiting) -> None:
    with pytest.raises(Refused) as refused:
        receive_only(waiting.scene, waiting.account, a_camt([Booked(-5, reference=unique())], opening=100))
    assert refused.value.reason is Reason.LEDGER_SHORT
    other = an_account(waiting.scene, number="6225880100009999", opening=100)
    content = a_camt([Booked(-5, reference=unique())], opening=100, number="6225880100009999")
    assert bring_in(waiting.scene, other, content).new == 1


@ON_SQLITE
def test_a_file_of_another_account_is_refused(waiting: Waiting) -> None:
    with pytest.raises(Refused) as refused:
        receive_only(waiting.scene, waiting.account, a_camt([waiting.paid()], number="6225880100009999"))
    assert refused.value.reason is Reason.OTHER_ACCOUNT


@ON_SQLITE
def test_a_worker_that_stopped_in_the_middle_goes_on(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "WRITTEN_AT_ONCE", 2)
    monkeypatch.setattr(working, "LOOKED_AT_ONCE", 2)
    lines = [waiting.paid(100 + n) for n in range(5)]
    statement = receive_only(waiting.scene, waiting.account, a_camt(lines))
    for _ in range(3):
        assert working.step(statement.id)
        working._at_hand.clear()
    while working.work_off():
        pass
    holds()
    assert waiting.balance() == sum(line.minor for line in lines)
    assert not working.step(statement.id)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_case_37_two_officers_confirm_one_wire(waiting: Waiting, app: Flask) -> None:
    """Two officers who confirmed one wire credited it twice elsewhere."""
    line = waiting.paid(purpose="no word")
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    line_id = line_with(line.reference).id
    with atomic() as session:
        others = [
            an_actor(session, InstitutionKind.OPERATOR, frozenset({role}), waiting.scene.operator)
            for role in (Role.OFFICER, Role.OFFICER, Role.APPROVER, Role.APPROVER)
        ]
        reference = deposit_of(session, waiting.registration).reference

    def propose(actor: Actor) -> LineProposal:
        with atomic() as session:
            return service.propose_match(
                session, actor, line_id, kind=MatchKind.BUYER, reference=reference, reason="found"
            )

    proposals = at_once(app, [partial(propose, actor) for actor in (*others[:2], waiting.scene.olga)])
    made = [one for one in proposals if isinstance(one, LineProposal)]
    assert len(made) == 1
    assert all(isinstance(one, LineProposal | Conflict) for one in proposals)

    def decide(actor: Actor) -> None:
        with atomic() as session:
            service.decide_proposal(session, actor, made[0].id, agreed=True, answer="yes")

    answers = at_once(app, [partial(decide, actor) for actor in (*others[2:], waiting.scene.otto)])
    assert sorted(type(one).__name__ for one in answers) == ["Conflict", "Conflict", "NoneType"]
    assert waiting.deposit.status is DepositStatus.HELD
    assert waiting.balance() == 0
    holds()


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.parametrize("locked", [True, False])
def test_case_37_a_line_matched_twice_at_once_is_matched_once(
    waiting: Waiting, app: Flask, monkeypatch: pytest.MonkeyPatch, *, locked: bool
) -> None:
    """With the lock one is told that the line is matched; without it the database refuses the second."""
    line, others = waiting.paid(purpose="no word"), waiting.paid(5 * DEPOSIT, name="Others")
    bring_in(waiting.scene, waiting.account, a_camt([line, others]))
    line_id, deposit = line_with(line.reference).id, waiting.deposit

    def once() -> None:
        with atomic() as session:
            state = lock_line(session, line_id) if locked else unlocked(session, line_id)
            target = matching.Target(MatchKind.BUYER, Found.REFERENCE, row=deposit)
            matching.match(session, state, target)

    raised = [type(one).__name__ for one in at_once(app, [once, once, once]) if one is not None]
    assert raised == ["Conflict" if locked else "IntegrityError"] * 2
    assert waiting.deposit.status is DepositStatus.HELD
    assert waiting.balance() == 0
    holds()


def unlocked(session: Session, line_id: uuid.UUID) -> LineState:
    """The planted fault: the state is read without waiting for whoever is at it."""
    return session.scalars(select(LineState).where(LineState.line_id == line_id)).one()


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_two_overlapping_files_at_once_write_each_line_once(waiting: Waiting, app: Flask) -> None:
    lines = [waiting.paid(100 + n) for n in range(6)]
    files = [a_camt(lines[:4]), a_camt(lines[2:], opening=201)]
    ids = [receive_only(waiting.scene, waiting.account, content).id for content in files]

    def write(statement_id: uuid.UUID) -> None:
        working.finish(statement_id, lambda: None)

    working._at_hand.clear()
    assert at_once(app, [partial(write, one) for one in ids]) == [None, None]
    with atomic() as session:
        assert session.scalar(select(func.count(BankLine.id))) == 6
    assert waiting.balance() == sum(line.minor for line in lines)
    holds()


@ON_SQLITE
def test_case_31_a_losers_bank_deposit_goes_back_once(waiting: Waiting, clock: FixedClock) -> None:
    """Losers' deposits were kept, or sent back twice, elsewhere."""
    with atomic() as session:
        dave, daves = a_bidder(session, waiting.scene)
    work()
    hold_by_bank(waiting.scene, daves)
    bring_in(waiting.scene, waiting.account, a_camt([waiting.paid()]))
    open_auction(waiting.scene, clock)
    bid(waiting.scene, dave, "150000.00")
    close_auction(waiting.scene, clock)
    work()
    with atomic() as session:
        back = session.scalars(
            select(Payout).where(Payout.institution_id == waiting.carol.institution_id)
        ).all()
        assert [(row.kind, row.amount_minor) for row in back] == [(PayoutKind.RETURN, DEPOSIT)]
    late = waiting.paid(50)
    bring_in(waiting.scene, waiting.account, a_camt([late]))
    with atomic() as session:
        statement = select(func.sum(Payout.amount_minor)).where(
            Payout.institution_id == waiting.carol.institution_id
        )
        assert session.scalar(statement) == DEPOSIT + 50
    holds()
