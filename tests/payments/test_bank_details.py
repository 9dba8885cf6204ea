"""Where a payee is paid to: two persons, and time before a change is used."""

import pytest
from builders import an_actor
from sqlalchemy import select

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from payments.bank import service
from payments.bank.models import PayeeDetails
from payments.bank.rules.words import Reason
from payments.bank.service.details import standing_details
from payments.models import Payout

from .bank_cast import Owing, batch_of
from .bank_scene import (
    FIELD_KEY,
    holds,
)
from .scene import DEPOSIT

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


DETAILS = {"holder": "Alice Bank", "bank": "Own", "bank_code": "102100099996", "reason": "first time"}


def state(actor: Actor, number: str, **changes: object) -> PayeeDetails:
    values = DETAILS | {"party": str(actor.institution_id), "institution_id": actor.institution_id} | changes
    with atomic() as session:
        return service.state_details(session, actor, number=number, field_key=FIELD_KEY, **values)  # type: ignore[arg-type]


def answer(actor: Actor, details: PayeeDetails, *, agreed: bool = True) -> None:
    with atomic() as session:
        service.answer_details(session, actor, details.id, agreed=agreed, answer="called back")


def test_bank_details_need_two_persons_and_a_change_has_to_cool(owing: Owing, clock: FixedClock) -> None:
    bank = owing.scene.bank
    first = state(bank, "6222 0000-1111")
    assert "62220000" not in first.number
    with pytest.raises(NotAllowed):
        answer(bank, first)
    with pytest.raises(Conflict):
        state(bank, "62223333")
    with pytest.raises(NotFound):
        answer(owing.carol, first)
    with atomic() as session:
        institution = session.get_one(PayeeDetails, first.id).institution
        colleague = an_actor(session, InstitutionKind.BANK, frozenset({Role.APPROVER}), institution)
        officer = an_actor(session, InstitutionKind.BANK, frozenset({Role.OFFICER}), institution)
    with pytest.raises(NotAllowed):
        answer(officer, first)
    answer(colleague, first)
    with pytest.raises(Conflict):
        answer(colleague, first)
    second = state(bank, "GB82 WEST 1234 5698 7654 32", reason="moved")
    answer(owing.scene.otto, second)
    party = str(bank.institution_id)
    with atomic() as session:
        standing = standing_details(session, party, clock())
        assert standing is not None
        assert standing.id == first.id
        kinds = session.scalars(select(Notice.kind).where(Notice.institution_id == bank.institution_id)).all()
    assert kinds.count(NoticeKind.PAYEE_DETAILS_STATED) == 2
    assert kinds.count(NoticeKind.PAYEE_DETAILS_ANSWERED) == 2
    clock.advance(days=3)
    with atomic() as session:
        standing = standing_details(session, party, clock())
        assert standing is not None
        assert (standing.id, standing.number_tail) == (second.id, "5432")
    third = state(bank, "62224444", reason="not ours")
    answer(colleague, third, agreed=False)
    with atomic() as session:
        standing = standing_details(session, party, clock())
        assert standing is not None
        assert standing.id == second.id
    holds()


@pytest.mark.parametrize("number", ["GB82 WEST 1234 5698 7654 33", "12", "账号", "6222!"])
def test_a_number_that_cannot_be_right_is_refused(owing: Owing, number: str) -> None:
    with pytest.raises(Refused) as refused:
        state(owing.scene.bank, number)
    assert refused.value.reason is Reason.ACCOUNT_NUMBER_WRONG


def test_nobody_is_paid_to_an_account_that_nobody_stated(owing: Owing) -> None:
    with atomic() as session:
        row = session.get_one(Payout, owing.payout.id)
        row.institution_id, row.payee = None, "Appraiser Ltd"
    with pytest.raises(Refused) as refused:
        batch_of(owing)
    assert refused.value.reason is Reason.NO_BANK_DETAILS
    details = state(owing.scene.olga, "62225555", party="Appraiser Ltd", institution_id=None)
    answer(owing.scene.otto, details)
    (order,) = batch_of(owing).orders
    assert (order.holder, order.number_tail, order.amount_minor) == ("Alice Bank", "5555", DEPOSIT)
    with pytest.raises(NotAllowed):
        state(owing.carol, "62226666", party="Appraiser Ltd", institution_id=None)
