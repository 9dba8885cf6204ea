"""A pool's money, its agreements, and recoveries that do not arrive, on both databases."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from builders import an_actor
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock as clocks
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, Refused
from marketplace.rule_packs import Basis
from payments.compensation import queries, service
from payments.compensation.rules import ClaimStatus, PoolReason
from payments.funds.rules import MovementStatus

from .compensation_stage import (
    LOSS,
    Stage,
    a_claim,
    a_pool,
    broken,
    claim_of,
    holds,
    labour,
    pay_in,
    pay_payouts,
    review_and_release,
    sold_with_a_remainder,
    terms,
)


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    """A sale with a remainder of 1,000,000.00, and a pool of 2,000,000.00 under 54 : 26 : 16 : 4."""
    return a_pool(sold_with_a_remainder())


def status_of(claim_id: uuid.UUID) -> ClaimStatus:
    with atomic() as session:
        return claim_of(session, claim_id).status


def _fund(session: Session, stage: Stage) -> Any:
    return queries.find_pool(session, stage.pool_id).keeper


def test_money_in_and_out_needs_two_persons_and_each_line_of_the_statement_once(stage: Stage) -> None:
    fund, olga, otto = stage.fay.institution_id, stage.scene.olga, stage.scene.otto
    with atomic() as session:
        movement = service.contribute(session, olga, stage.pool_id, fund, minor=5, bank_reference="B1")
    with pytest.raises(Conflict), atomic() as session:
        service.contribute(session, olga, stage.pool_id, fund, minor=5, bank_reference="B1")
    with pytest.raises(Refused), atomic() as session:
        service.contribute(
            session, olga, stage.pool_id, stage.bank.institution_id, minor=5, bank_reference="B2"
        )
    with pytest.raises(NotAllowed), atomic() as session:
        service.answer_movement(session, olga, movement.id, confirm=True)
    with atomic() as session:
        answered = service.answer_movement(session, otto, movement.id, confirm=False)
        assert answered.status is MovementStatus.REFUSED
    with pytest.raises(Conflict), atomic() as session:
        service.answer_movement(session, otto, movement.id, confirm=True)
    assert holds(stage, fund) == 200_000_000
    with atomic() as session:
        asked = service.withdraw_money(session, stage.fay, stage.pool_id, fund, minor=7, reason="Year's end")
    with atomic() as session:
        service.answer_movement(session, stage.finn, asked.id, confirm=True)
    assert holds(stage, fund) == 200_000_000 - 7
    pay_payouts(stage)
    assert broken() == {}


def test_an_agreement_is_approved_by_another_person_and_counts_from_its_day(stage: Stage) -> None:
    today = clocks.now().astimezone(clocks.LOCAL_ZONE).date()
    with atomic() as session:
        both = an_actor(session, InstitutionKind.FUND, institution=_fund(session, stage))
        version = service.propose_agreement(
            session, both, stage.pool_id, terms(stage, cap_per_claim=1),
            valid_from=today + timedelta(days=3), basis=Basis.SECONDARY, source="x",
        )  # fmt: skip
    with pytest.raises(Conflict), atomic() as session:
        service.propose_agreement(
            session, both, stage.pool_id, terms(stage), valid_from=today, basis=Basis.OWN, source="x"
        )
    with pytest.raises(NotAllowed), atomic() as session:
        service.approve_agreement(session, both, version.id)
    with atomic() as session:
        service.approve_agreement(session, stage.finn, version.id)
    with pytest.raises(Conflict), atomic() as session:
        service.approve_agreement(session, stage.finn, version.id)
    with atomic() as session:
        first = queries.agreement_in_force(session, stage.pool_id, today)
        later = queries.agreement_in_force(session, stage.pool_id, today + timedelta(days=3))
        assert first is not None
        assert later is not None
        assert (first.version, later.version) == (1, 2)


def test_a_recovery_that_does_not_arrive_changes_nothing(stage: Stage) -> None:
    claim_id = a_claim(stage)
    with pytest.raises(Conflict), atomic() as session:
        service.report_recovery(session, stage.bank, claim_id, 5, "x")
    review_and_release(stage, claim_id)
    for party in (stage.insurer, stage.appraiser):
        pay_in(stage, party.id, 16_000_000)
    labour()
    pay_payouts(stage)
    labour()
    with pytest.raises(Refused) as refused, atomic() as session:
        service.report_recovery(session, stage.bank, claim_id, LOSS + 1, "x")
    assert refused.value.reason is PoolReason.MORE_THAN_LOST
    with atomic() as session:
        report = service.report_recovery(session, stage.bank, claim_id, 5, "x")
    with pytest.raises(Conflict), atomic() as session:
        service.report_recovery(session, stage.bank, claim_id, 5, "x")
    with atomic() as session:
        service.decline_recovery(session, stage.scene.olga, report.id, "Nothing on the statement")
    with pytest.raises(Conflict), atomic() as session:
        service.confirm_recovery(session, stage.scene.olga, report.id, "B9")
    assert status_of(claim_id) is ClaimStatus.PAID
    assert broken() == {}


def test_two_pools_of_one_name_are_refused(stage: Stage) -> None:
    with pytest.raises(Conflict), atomic() as session:
        service.open_pool(
            session, stage.fay, name="Zhongshan pool", area="x", currency="CNY", public_totals=False
        )
