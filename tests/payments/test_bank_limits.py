"""A deposit for several lots that arrives on a statement: matched, waiting, undone."""

from dataclasses import dataclass

import pytest
from flask import Flask

from auctions.models import Registration
from auctions.refusals import RegistrationReason
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.parties.models import Institution
from payments.bank.models import BankAccount
from payments.bank.rules.words import Doubt, LineStatus, MatchKind
from payments.spending import service as spending

from .bank_scene import Booked, a_camt, an_account, bring_in, holds, settle_line, state_of, undo, unique
from .scene import Scene, a_bidder, a_scene, bid, deposit_of, open_auction, work

PAID = 5_000_000


@dataclass
class Waiting:
    """A bidder who has a reference for several lots, and the account it pays into."""

    scene: Scene
    account: BankAccount
    carol: Actor
    registration: Registration
    reference: str
    name: str

    def paid(self, purpose: str | None = None, name: str | None = None) -> Booked:
        text = self.reference if purpose is None else purpose
        return Booked(PAID, self.name if name is None else name, text, unique())

    def reach(self) -> tuple[int, int]:
        with atomic() as session:
            return spending.reach(session, self.carol.institution_id, "CNY")


@pytest.fixture
def waiting(app: Flask, clock: FixedClock) -> Waiting:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        carol, registration = a_bidder(session, scene)
        reference = spending.open_limit(session, carol, "CNY").reference
        name = session.get_one(Institution, carol.institution_id).name
    work()
    return Waiting(scene, an_account(scene), carol, registration, reference, name)


def test_what_arrives_under_the_reference_stands_for_bids(waiting: Waiting) -> None:
    line = waiting.paid()
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert state_of(line.reference).status is LineStatus.MATCHED
    assert waiting.reach() == (PAID, 0)
    holds()
    work()


def test_somebody_elses_money_waits_for_two_persons(waiting: Waiting) -> None:
    line = waiting.paid(name="Mallory Trading")
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    assert state_of(line.reference).doubt is Doubt.THIRD_PARTY
    assert waiting.reach() == (0, 0)
    settle_line(waiting.scene, line.reference, MatchKind.LIMIT, waiting.reference)
    assert waiting.reach() == (PAID, 0)
    holds()


def test_a_wrong_match_is_undone_unless_bids_bind_the_money(waiting: Waiting, clock: FixedClock) -> None:
    line = waiting.paid()
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    with atomic() as session:
        spending.cover(session, waiting.carol, deposit_of(session, waiting.registration).id)
    open_auction(waiting.scene, clock)
    assert bid(waiting.scene, waiting.carol, "150000.00") == "accepted"
    with pytest.raises(Refused) as refused:
        undo(waiting.scene, line.reference)
    assert refused.value.reason is RegistrationReason.LIMIT_BOUND
    holds()


def test_an_undone_match_takes_the_limit_with_it(waiting: Waiting) -> None:
    line = waiting.paid()
    bring_in(waiting.scene, waiting.account, a_camt([line]))
    undo(waiting.scene, line.reference)
    assert waiting.reach() == (0, 0)
    assert state_of(line.reference).doubt is Doubt.UNDONE
    holds()
