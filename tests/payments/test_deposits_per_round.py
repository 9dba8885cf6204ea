"""Deposits belong to one auction: given back by a job, asked anew in the next round, never where none is."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from auctions import service as auctions
from auctions.procedure import service as procedure
from auctions.procedure.rules import AttemptTerms, Proposal
from auctions.queries import auctions_of_lot
from auctions.rules import Action
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.rule_packs import StepKind
from payments.models import Deposit
from payments.rules import DepositStatus

from .scene import DEPOSIT, a_bidder, a_scene, deposit_of, due_payouts, work
from .terms_scene import checker_of
from .test_defaults import unpaid, won


def test_case_31_losers_are_released_and_the_next_round_asks_anew(app: Flask, clock: FixedClock) -> None:
    """Elsewhere deposits stayed bound, and were carried into the next round: a banned winner was admitted."""
    scene, carol, dave = won(clock, "cn-court")
    with atomic() as session:
        assert [payout.amount_minor for payout in due_payouts(session)] == [DEPOSIT]
        (carols,) = session.scalars(select(Deposit).where(Deposit.institution_id == carol.institution_id))
        assert carols.status is DepositStatus.RELEASED
    unpaid(scene, clock)
    opens = clock.moment + timedelta(days=31)
    terms = AttemptTerms(
        start_price_minor=10_000_000,
        opens_at=opens,
        closes_at=opens + timedelta(hours=24),
        deposit_minor=DEPOSIT,
        increment_minor=100_000,
    )
    with atomic() as session:
        step = Proposal(kind=StepKind.NEXT_AUCTION, reason="The winner did not pay", attempt=terms)
        row = procedure.propose(session, scene.bank, scene.lot.id, step)
        procedure.approve(session, checker_of(session, scene), row.id, seen_hash=row.content_hash)
        (again,) = [found for found in auctions_of_lot(session, scene.lot.id) if found.id != scene.auction.id]
        with pytest.raises(Refused, match="defaulted_before"):
            auctions.register(session, dave, again.id)
        registration = auctions.register(session, carol, again.id)
        assert not registration.deposit_held
    work()
    with atomic() as session:
        assert deposit_of(session, registration).status is DepositStatus.REQUIRED
    clock.move_to(opens)
    work()
    with atomic() as session:
        entry = auctions.place(session, carol, again.id, Action.BID, "100000.00", "a-key-of-carol")
        assert entry.decision == "refused:no_deposit"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_case_31_zero_means_none(app: Flask, clock: FixedClock) -> None:
    """Elsewhere a deposit of nothing was asked for, and nobody could bid before it was paid."""
    with atomic() as session:
        scene = a_scene(session, pack="open", deposit_minor=0)
        carol, carols = a_bidder(session, scene)
    work()
    clock.move_to(scene.auction.opens_at)
    with atomic() as session:
        assert session.scalars(select(Deposit)).all() == []
        entry = auctions.place(session, carol, scene.auction.id, Action.BID, "100000.00", "a-key-of-carol")
        assert (entry.decision, carols.deposit_minor) == ("accepted", 0)
