"""Every invariant of procedures holds of a whole ladder, and finds the fault that is planted for it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from auctions.procedure import invariants, queries
from auctions.procedure.models import StepDecision
from auctions.procedure.rules import Verdict
from auctions.rules import Outcome
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.rule_packs import StepKind

from .builders_of_auctions import Sale, tick
from .builders_of_steps import decided, proposal, terms, unsold


def a_whole_ladder(session: Session, clock: FixedClock) -> Sale:
    """First auction, second auction, sale-off, and the creditor takes the lot."""
    sale = unsold(session, clock)
    for kind, days in ((StepKind.NEXT_AUCTION, 1), (StepKind.SALE_OFF, 60)):
        attempt = terms(11_200_000, days=days, deposit_minor=1_000_000)
        decided(session, sale.bank, sale.lot, proposal(kind, attempt=attempt))
        clock.advance(days=17 + days)
        tick(session)
    decided(session, sale.bank, sale.lot, proposal(StepKind.TAKING))
    return sale


def broken(session: Session) -> set[str]:
    return {question.__name__ for _, question in invariants.CHECKS if question(session)}


def unlink(session: Session, sale: Sale) -> None:
    latest = queries.latest_auction(session, sale.lot.id)
    assert latest is not None
    latest.previous_id = None


def renumber(session: Session, sale: Sale) -> None:
    latest = queries.latest_auction(session, sale.lot.id)
    assert latest is not None
    latest.attempt = 7


def reopen(session: Session, sale: Sale) -> None:
    sale.auction.outcome = Outcome.OPEN
    latest = queries.latest_auction(session, sale.lot.id)
    assert latest is not None
    latest.outcome = Outcome.OPEN


def step_back(session: Session, sale: Sale) -> None:
    sale.lot.round = 1


def cheapen(session: Session, sale: Sale) -> None:
    sale.auction.terms = {**sale.auction.terms, "start_price": "1.00"}


def add(session: Session, sale: Sale, **changes: Any) -> StepDecision:
    """A decision that no service would write."""
    values: dict[str, Any] = {
        "lot_id": sale.lot.id,
        "sequence": len(queries.decisions_of(session, sale.lot.id)) + 1,
        "after_id": sale.auction.id,
        "kind": StepKind.WITHDRAWAL,
        "verdict": Verdict.PROPOSED,
        "currency": "CNY",
        "reason": "planted",
        "content_hash": "0" * 64,
        "person_id": sale.bank.person_id,
        "at": sale.auction.opens_at,
    }
    row = StepDecision(**(values | changes))
    session.add(row)
    session.flush()
    return row


def approve_oneself(session: Session, sale: Sale) -> None:
    row = add(session, sale)
    add(session, sale, verdict=Verdict.APPROVED, proposal_id=row.id)


def leave_a_gap(session: Session, sale: Sale) -> None:
    add(session, sale, sequence=99)


def take_without_a_step(session: Session, sale: Sale) -> None:
    session.execute(text("UPDATE deals SET source_id = :other"), {"other": uuid.uuid4().hex})


Fault = Callable[[Session, Sale], None]

FAULTS: tuple[tuple[Fault, set[str]], ...] = (
    (unlink, {"attempts_not_linked"}),
    (renumber, {"attempts_not_linked"}),
    (reopen, {"two_attempts_at_once", "lots_beside_their_ladder"}),
    (step_back, {"lots_beside_their_ladder"}),
    (cheapen, {"start_prices_below_their_limit"}),
    (approve_oneself, {"answers_without_four_eyes", "approved_steps_not_carried_out"}),
    (leave_a_gap, {"decisions_with_gaps"}),
    (take_without_a_step, {"deals_without_their_step", "approved_steps_not_carried_out"}),
)


def test_a_whole_ladder_holds(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        a_whole_ladder(session, clock)
        assert broken(session) == set()


@pytest.mark.parametrize(("fault", "found"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_planted_fault_is_found(app: Flask, clock: FixedClock, fault: Fault, found: set[str]) -> None:
    with atomic() as session:
        sale = a_whole_ladder(session, clock)
        fault(session, sale)
        session.flush()
        session.expire_all()
        assert found <= broken(session)
        session.rollback()


def test_every_invariant_has_its_fault() -> None:
    assert {name for _, found in FAULTS for name in found} == {
        question.__name__ for _, question in invariants.CHECKS
    }
