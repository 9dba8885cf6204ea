"""Waived titles; planted faults and pages of what a settlement goes by."""

from datetime import timedelta

import pytest
from builders import an_actor
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.commission import Bearer
from marketplace.db import atomic
from marketplace.deals import invariants as deal_invariants
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealReason, DealStatus, TransferStep
from marketplace.deals.waivers import service as waivers
from marketplace.deals.waivers.models import TitleWaiver
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.listings.fees import invariants as fee_invariants
from marketplace.listings.fees.models import LotCommission, PlatformTerms
from marketplace.listings.fees.rules import Terms
from payments import service
from payments.models import Settlement
from payments.rates import invariants as rate_invariants
from payments.rates.models import DealRate
from payments.risk_sharing import invariants as sharing_invariants
from payments.risk_sharing.models import RiskSharing
from payments.risk_sharing.rules import Share
from payments.risk_sharing.service import answer, draft

from .scene import (
    a_scene,
    pay_out_everything,
    payment_of,
    receive,
    work,
)
from .terms_scene import a_deal, checker_of, fix_anew, sign_in, terms_in_force

SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_money_leaves_before_the_title_only_by_a_waiver_of_bank_and_operator(
    app: Flask, clock: FixedClock
) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        checker, deal = checker_of(session, scene), a_deal(session, scene, clock)
        deal_id = deal.id
        with pytest.raises(Refused, match=DealReason.NOT_PAID):
            waivers.propose(session, checker, deal_id, "early")
    work()
    with atomic() as session:
        payment = payment_of(session, session.get_one(Deal, deal_id))
    receive(scene, payment, payment.amount_minor)
    work()
    with atomic() as session:
        assert session.scalars(select(Settlement)).all() == []
        with pytest.raises(NotFound):
            waivers.propose(session, an_actor(session, InstitutionKind.BANK), deal_id, "a stranger")
        row = waivers.propose(session, checker, deal_id, "The office takes months; the buyer agrees")
        with pytest.raises(Conflict, match=DealReason.WAIVED_ALREADY):
            waivers.propose(session, checker, deal_id, "once more")
    work()
    with atomic() as session:
        assert session.scalars(select(Settlement)).all() == []
        waivers.answer(session, scene.otto, row.id, agreed=True, reason="documents are signed")
    work()
    pay_out_everything(scene)
    with atomic() as session:
        assert session.get_one(Deal, deal_id).status is DealStatus.COMPLETED
        deals.record_step(session, scene.bank, deal_id, TransferStep.DOCUMENTS_SIGNED, "A-1")
        assert deal_invariants.completed_without_title(session) == []
        session.execute(update(TitleWaiver).values(agreed=False))
        assert len(deal_invariants.completed_without_title(session)) == 1


@SQLITE_ONLY
def test_a_refused_waiver_keeps_the_money(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        checker, deal_id = checker_of(session, scene), a_deal(session, scene, clock).id
    work()
    with atomic() as session:
        payment = payment_of(session, session.get_one(Deal, deal_id))
    receive(scene, payment, payment.amount_minor)
    with atomic() as session:
        row = waivers.propose(session, checker, deal_id, "early")
        waivers.answer(session, scene.otto, row.id, agreed=False, reason="no ground")
        with pytest.raises(NotFound):
            waivers.answer(session, scene.otto, deal_id, agreed=True, reason="no such request")
    work()
    with atomic() as session:
        assert session.scalars(select(Settlement)).all() == []


@SQLITE_ONLY
def test_planted_faults_are_found(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        terms = terms_in_force(session, scene, Terms(borne_by=Bearer.BUYER, rate="0.01"))
        fix_anew(session, scene, clock)
        checker, deal_id = checker_of(session, scene), a_deal(session, scene, clock).id
        shares = [Share("a", "0.5")]
        row = draft(session, scene.bank, scene.lot.id, document="RS", shares=shares, reason="pilot")
        answer(session, checker, row.id, agreed=True, reason="fine")
        row.shares[0].share = "1.5"
        row.answered_by_id = row.proposed_by_id
        terms.answered_by_id = terms.proposed_by_id
        terms.effective_from = clock.moment + timedelta(days=1)
        scene.lot.published_at = clock.moment - timedelta(days=1)
        for source in ("a", "b"):
            session.add(
                DealRate(
                    deal_id=deal_id,
                    currency="USD",
                    rate="7",
                    rate_on=clock.moment.date(),
                    source=source,
                    reason="x",
                    proposed_by_id=scene.olga.person_id,
                    proposed_at=clock.moment,
                    agreed=True,
                )
            )
        session.flush()
        assert len(fee_invariants.agreed_alone(session)) == 1
        assert len(fee_invariants.fixed_without_terms(session)) == 1
        assert len(fee_invariants.fixed_after_publication(session)) == 1
        assert len(rate_invariants.confirmed_alone(session)) == 2
        assert len(rate_invariants.two_rates(session)) == 1
        assert len(sharing_invariants.agreed_alone(session)) == 1
        assert len(sharing_invariants.more_than_the_whole(session)) == 1
        assert sharing_invariants.agreed_too_late(session) == []
        assert session.scalars(select(LotCommission)).one().terms_id == terms.id
        assert session.scalars(select(RiskSharing)).one().agreed


@SQLITE_ONLY
def test_the_pages_of_terms_rates_and_shares(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        checker, deal_id = checker_of(session, scene), a_deal(session, scene, clock).id
        stranger = an_actor(session, InstitutionKind.BUYER)
    lot_url, rate_url = f"/money/lots/{scene.lot.id}/risk-sharing", f"/money/deals/{deal_id}/rates"
    sign_in(client, scene.olga)
    entered = {
        "rule_pack": "cn-bank",
        "borne_by": "buyer",
        "rate": "0.01",
        "reason": "2026",
        "currency": "CNY",
    }
    assert client.post("/operator/fees", data=entered | {"rate": "0.2"}).status_code == 422
    assert client.post("/operator/fees", data=entered).status_code == 303
    assert client.get(rate_url).status_code == 200
    sign_in(client, scene.otto)
    with atomic() as session:
        terms_id = session.scalars(select(PlatformTerms)).one().id
    assert client.post(f"/operator/fees/{terms_id}/agree", data={"reason": ""}).status_code == 422
    assert client.post(f"/operator/fees/{terms_id}/agree", data={"reason": "fine"}).status_code == 303
    assert "0.01" in client.get("/operator/fees").get_data(as_text=True)
    sign_in(client, scene.bank)
    shares = {"document": "RS-7", "shares": "Fund 0.4", "reason": "pilot"}
    assert client.post(lot_url, data=shares | {"shares": "Fund 2"}).status_code == 422
    assert client.post(lot_url, data=shares).status_code == 303
    sign_in(client, checker)
    with atomic() as session:
        row_id = session.scalars(select(RiskSharing)).one().id
    assert client.post(f"{lot_url}/{row_id}/agree", data={"reason": "fine"}).status_code == 303
    assert "in force" in client.get(lot_url).get_data(as_text=True)
    sign_in(client, stranger)
    assert client.get(lot_url).status_code == 404
    assert client.get("/operator/fees").status_code == 403


def test_the_worker_needs_no_rate_where_nothing_is_foreign(app: Flask) -> None:
    with atomic() as session:
        assert not service.settle_transferred(session)
