"""Many approvals of one proposal at the same moment on real connections: it is carried out once."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from auctions.procedure import service
from auctions.procedure.models import StepDecision
from auctions.procedure.rules import Verdict
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.deals.models import Deal
from marketplace.errors import Conflict
from marketplace.rule_packs import StepKind

from .builders_of_steps import a_colleague, proposal, unsold

APPROVERS = 6


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_of_many_approvals_one_counts(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock)
        row = service.propose(session, sale.bank, sale.lot.id, proposal(StepKind.TAKING))
        approvers = [a_colleague(session, sale.lot) for _ in range(APPROVERS)]
        proposal_id, seen_hash = row.id, row.content_hash
    start, outcomes = threading.Barrier(APPROVERS), []

    def approve(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with atomic() as own:
                    service.approve(own, approvers[number], proposal_id, seen_hash=seen_hash)
                outcomes.append("approved")
            except Conflict as conflict:
                outcomes.append(str(conflict.reason))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=approve, args=(number,)) for number in range(APPROVERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["approved"] + ["step_answered"] * (APPROVERS - 1)
    with atomic() as session:
        answers = (
            select(func.count()).select_from(StepDecision).where(StepDecision.verdict != Verdict.PROPOSED)
        )
        assert session.scalar(answers) == 1
        assert session.scalar(select(func.count()).select_from(Deal)) == 1
