"""Every invariant of compensation, subsidies and their money finds what breaks it: planted by raw SQL."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import atomic
from payments.compensation import invariants as compensation
from payments.compensation import service
from payments.funds import invariants as funds
from payments.subsidies import invariants as subsidies
from payments.subsidies import service as programmes

from . import subsidy_desk as subsidising
from .compensation_stage import (
    Stage,
    a_claim,
    a_pool,
    labour,
    pay_in,
    pay_payouts,
    review_and_release,
    sold_with_a_remainder,
)

CHECKS = (*compensation.CHECKS, *funds.CHECKS, *subsidies.CHECKS)

PLANTS = [
    ("the parts of a claim sum to its loss", "UPDATE claim_parts SET minor = minor + 1 WHERE role = 'bank'"),
    ("no compensation is above a cap", "UPDATE claim_parts SET minor = 60000001 WHERE role = 'fund'"),
    ("a pool promises no more than it holds", "UPDATE ledger_accounts SET balance_minor = 0"),
    ("a loss is claimed once", "UPDATE compensation_claims SET lot_id = (SELECT max(id) FROM lots)"),
    (
        "compensation is released by a second person",
        "UPDATE compensation_claims SET reviewed_by_id = released_by_id",
    ),
    ("compensation is paid as it was divided", "UPDATE payouts SET amount_minor = amount_minor + 1"),
    (
        "what is recovered is shared back as it was borne",
        "UPDATE compensation_recoveries SET amount_minor = 7",
    ),
    ("the balances of pools are proven by their claims", "UPDATE fund_movements SET amount_minor = 5"),
    ("money moves in a fund by two persons", "UPDATE fund_movements SET answered_by_id = prepared_by_id"),
    ("the movements of funds are in the ledger", "UPDATE fund_movements SET status = 'prepared'"),
    (
        "what funds set apart are their open payouts",
        "UPDATE payouts SET amount_minor = 1 WHERE status = 'due'",
    ),
    (
        "no firm gets more subsidy than its cap of the year",
        "UPDATE subsidy_applications SET amount_minor = 15000001",
    ),
    ("no programme gives out more than its budget", "UPDATE programme_budgets SET amount_minor = 1"),
    ("the waiting list of a programme keeps its order", "UPDATE subsidy_applications SET status = 'waiting'"),
    (
        "subsidies and budgets are approved by a second person",
        "UPDATE programme_budgets SET approved_by_id = proposed_by_id",
    ),
    ("subsidies are paid as they were approved", "UPDATE subsidy_applications SET status = 'paid'"),
    (
        "a purchase is subsidised once",
        "UPDATE subsidy_applications SET deal_id = (SELECT max(id) FROM deals)",
    ),
]


def a_life() -> None:
    """A claim paid and partly recovered, one reviewed; one subsidy approved, one applied for."""
    stage = a_pool(sold_with_a_remainder(), cap_per_claim=60_000_000)
    for party in (stage.insurer, stage.appraiser):
        pay_in(stage, party.id, 16_000_000)
    claim_id = a_claim(stage)
    review_and_release(stage, claim_id)
    labour()
    pay_payouts(stage)
    labour()
    with atomic() as session:
        report = service.report_recovery(session, stage.bank, claim_id, 5_000, "x")
    with atomic() as session:
        service.confirm_recovery(session, stage.scene.olga, report.id, "B1")
    second = sold_with_a_remainder()
    other = Stage(second, stage.pool_id, stage.fay, stage.finn, stage.insurer, stage.appraiser)
    waiting = a_claim(other)
    with atomic() as session:
        service.review(session, stage.fay, waiting, "complete")
    desk = subsidising.a_desk()
    row = subsidising.applied(desk, 5)
    subsidising.named(desk, row)
    with atomic() as session:
        programmes.review(session, desk.fay, row.id, "complete")
    with atomic() as session:
        programmes.approve(session, desk.finn, row.id, row.content_hash)
    subsidising.applied(desk, 6, subsidising.another_firm())


def found_now(session: Session) -> set[str]:
    return {name for name, question in CHECKS if question(session)}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_each_check_finds_what_is_planted(app: Flask, clock: FixedClock) -> None:
    a_life()
    assert {name for name, _ in PLANTS} == {name for name, _ in CHECKS}
    with atomic() as session:
        assert found_now(session) == set()
    for name, plant in PLANTS:
        with atomic() as session:
            session.begin_nested()
            session.execute(text(plant))
            session.expire_all()
            found = found_now(session)
            session.rollback()
        assert name in found, plant
    with atomic() as session:
        assert found_now(session) == set()
