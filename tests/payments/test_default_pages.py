"""The pages on which more time is asked for and officers decide; planted faults; the costs of leaving."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from auctions.procedure import service as procedure
from auctions.procedure.rules import Proposal
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, Refused
from marketplace.rule_packs import StepKind
from payments.defaults import invariants
from payments.defaults.models import ForfeitDecision, MoreTimeRequest, Shortfall
from payments.defaults.rules import DistributionGround
from payments.leaving import invariants as leaving_invariants
from payments.leaving import queries as leaving_queries
from payments.leaving import service as leaving
from payments.models import Account, Payout, Settlement
from payments.rules import PayoutKind

from .scene import a_scene, deal_of, due_payouts, pay_out_everything, payment_of, work
from .terms_scene import checker_of, sign_in
from .test_defaults import unpaid, won

SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@SQLITE_ONLY
def test_the_pages_after_a_default(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    scene, carol, dave = won(clock, "cn-court")
    with atomic() as session:
        deal = deal_of(session, scene)
    url = f"/money/deals/{deal.id}/more-time"
    sign_in(client, carol)
    assert client.get(url).status_code == 404
    sign_in(client, dave)
    asked = {"days": "5", "ground": "bank", "reason": "Approval by our bank"}
    assert "Ask for more time" in client.get(f"/money/deals/{deal.id}/payment").get_data(as_text=True)
    assert client.post(url, data=asked | {"days": "99"}).status_code == 422
    assert client.post(url, data=asked).status_code == 303
    assert client.post(url, data=asked).status_code == 409
    assert client.get("/money/defaults").status_code == 403
    sign_in(client, scene.olga)
    with atomic() as session:
        row_id = session.scalars(select(MoreTimeRequest)).one().id
    desk = client.get("/money/defaults").get_data(as_text=True)
    assert "Approval by our bank" in desk
    refuse = f"/money/defaults/requests/{row_id}/refuse"
    assert client.post(refuse, data={"reason": ""}).status_code == 422
    assert client.post(refuse, data={"reason": "no proof"}).status_code == 303
    unpaid(scene, clock)
    sign_in(client, scene.olga)
    assert "waits for the next sale" in client.get("/money/defaults").get_data(as_text=True)
    clock.advance(days=400)
    sign_in(client, scene.olga)
    propose = f"/money/defaults/deals/{deal.id}/distribute"
    assert client.post(propose, data={"reason": "not sold"}).status_code == 303
    assert "Another person has to approve it" in client.get("/money/defaults").get_data(as_text=True)
    with atomic() as session:
        decision_id = session.scalars(select(ForfeitDecision)).one().id
    sign_in(client, scene.otto)
    agree = f"/money/defaults/decisions/{decision_id}/agree"
    assert client.post(agree, data={"reason": "fine"}).status_code == 303
    with atomic() as session:
        assert session.scalars(select(Settlement)).one().kind is PayoutKind.FORFEITURE
    sign_in(client, scene.bank)
    assert "forfeited deposit" in client.get(f"/money/deals/{deal.id}/settlement").get_data(as_text=True)


@SQLITE_ONLY
def test_the_costs_of_a_withdrawn_lot_are_owed_paid_in_and_passed_on(
    app: Flask, client: FlaskClient, clock: FixedClock
) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        checker = checker_of(session, scene)
        step = Proposal(
            kind=StepKind.WITHDRAWAL, reason="Settled", cost_minor=80_000, cost_payee="Auction house"
        )
        row = procedure.propose(session, scene.bank, scene.lot.id, step)
        procedure.approve(session, checker, row.id, seen_hash=row.content_hash)
    with atomic() as session:
        assert leaving.book_costs(session)
        assert not leaving.book_costs(session)
        (cost,) = leaving_queries.owed(session, scene.lot.institution_id)
        assert leaving_queries.owed(session)[0].id == cost.id
        with pytest.raises(Refused):
            leaving.record_paid(session, scene.olga, cost.id, minor=1, bank_reference="L-1")
    sign_in(client, scene.olga)
    paid = f"/money/defaults/costs/{cost.id}/paid"
    entered = {"amount": "800.00", "currency": "CNY", "bank_reference": "L-1"}
    assert client.post(paid, data=entered | {"amount": "x"}).status_code == 422
    assert client.post(paid, data=entered).status_code == 303
    with atomic() as session:
        with pytest.raises(Conflict):
            leaving.record_paid(session, scene.olga, cost.id, minor=80_000, bank_reference="L-2")
        assert [payout.payee for payout in due_payouts(session)] == ["Auction house"]
    pay_out_everything(scene)
    work()
    with atomic() as session:
        assert {account.balance_minor for account in session.scalars(select(Account))} == {0}
        assert session.scalars(select(Payout)).one().kind is PayoutKind.LEAVING
        assert leaving_invariants.booked_otherwise(session) == []
        cost.paid_at = None
        session.merge(cost)
        session.flush()
        assert len(leaving_invariants.booked_otherwise(session)) == 1


@SQLITE_ONLY
def test_planted_faults_are_found(app: Flask, clock: FixedClock) -> None:
    scene, _, dave = won(clock, "cn-court")
    deal = unpaid(scene, clock)
    with atomic() as session:
        payment = payment_of(session, deal)
        values = {"reason": "x", "proposed_by_id": dave.person_id, "proposed_at": clock.moment}
        alone = values | {"agreed": True, "answered_by_id": dave.person_id}
        session.add(MoreTimeRequest(payment_id=payment.id, days=1, ground="bank", **alone))
        session.add(ForfeitDecision(deal_id=deal.id, ground=DistributionGround.LEFT_THE_MARKET, **alone))
        settlement = Settlement(
            deal_id=deal.id,
            kind=PayoutKind.FORFEITURE,
            lot_id=deal.lot_id,
            received_minor=0,
            currency="CNY",
            lines=[],
            unpaid={},
            pursuable_minor=5,
            content_hash="",
            settled_at=clock.moment,
        )
        session.add(settlement)
        session.flush()
        assert len(invariants.decided_alone(session)) == 2
        assert len(invariants.pursued_otherwise(session)) == 1
        session.add(
            Shortfall(
                settlement_id=settlement.id,
                deal_id=deal.id,
                debtor_id=deal.buyer_id,
                amount_minor=5,
                currency="CNY",
                opened_at=clock.moment,
            )
        )
        session.flush()
        assert invariants.pursued_otherwise(session) == []
        session.execute(update(Shortfall).values(status="paid"))
        assert len(invariants.paid_without_money(session)) == 1
