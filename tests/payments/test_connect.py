"""Payouts by the gateway: the account of a payee, the transfer after the release, its reversal."""

import pytest
from builders import a_person, signed_in
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from stripe_fake import StripeFake

from marketplace.access import Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict
from marketplace.parties.models import Institution
from payments import service
from payments.connect import invariants
from payments.connect.models import ConnectedAccount
from payments.connect.rules import SERVED, Payee, by_transfer, served
from payments.disputes import service as disputes
from payments.disputes.models import Debt
from payments.disputes.rules import DebtStatus, DecisionKind
from payments.gateways import registry
from payments.models import Payout
from payments.rules import Method, PayoutKind, PayoutStatus

from .card_scene import poster
from .paid import Sale, bank_payout, cash, paid_by_card, pass_hold_back, release
from .scene import work


def test_a_mainland_payee_is_paid_by_the_bank() -> None:
    assert not served("CN")
    assert {"US", "GB", "CA", "CH", "DE", "NO"} <= SERVED


@given(minor=st.integers(1, 10**9), held=st.integers(0, 10**9))
def test_the_gateway_pays_only_what_it_holds(minor: int, held: int) -> None:
    ready = Payee(PayoutKind.SETTLEMENT, minor, "DE", ready=True, held=held)
    assert by_transfer(ready) is (minor <= held)
    assert not by_transfer(Payee(PayoutKind.SETTLEMENT, minor, "DE", ready=False, held=held))
    assert not by_transfer(Payee(PayoutKind.SETTLEMENT, minor, "", ready=True, held=held))
    assert not by_transfer(Payee(PayoutKind.RETURN, minor, "DE", ready=True, held=held))


def holds() -> None:
    with atomic() as session:
        assert {name: found for name, ask in invariants.CHECKS if (found := ask(session))} == {}


def with_account(app: Flask, sale: Sale, fake: StripeFake) -> str:
    """The selling bank is in Germany and has an account; returns its id at the gateway."""
    registry.install(app, sale.known)
    with atomic() as session:
        bank = session.get_one(Institution, sale.scene.bank.institution_id)
        bank.country = "DE"
        head = a_person(session, bank, "Adele", frozenset({Role.ADMINISTRATOR}))
    client = signed_in(app.test_client(), head)
    assert "Open an account" in client.get("/money/account").text
    assert client.post("/money/account/complete").status_code == 404
    assert client.post("/money/account").status_code == 303
    assert client.post("/money/account").status_code == 409
    with atomic() as session:
        account = session.scalars(select(ConnectedAccount)).one()
        assert not account.ready
    onward = client.post("/money/account/complete")
    assert (onward.status_code, account.gateway_object in onward.headers["Location"]) == (303, True)
    fake.onboard(account.gateway_object)
    assert client.get("/money/account/back").status_code == 303
    assert "You are paid out to this account." in client.get("/money/account").text
    return str(account.gateway_object)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_released_payout_is_transferred_and_can_be_taken_back(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    sale = paid_by_card(clock, fake)
    account = with_account(app, sale, fake)
    pass_hold_back(clock)
    with atomic() as session:
        payout = bank_payout(session, sale)
    release(sale, payout, paid=False)
    with atomic() as session:
        assert session.get_one(Payout, payout.id).status is PayoutStatus.APPROVED
        with pytest.raises(Conflict):
            service.confirm_paid(session, sale.scene.olga, payout.id, "LINE-1")
    work(sale.known)
    work(sale.known)
    with atomic() as session:
        paid = session.get_one(Payout, payout.id)
        assert (paid.status, paid.bank_reference) == (PayoutStatus.PAID, paid.transfer_object)
    transfer = fake.transfers[paid.transfer_object]
    assert transfer["transfer_group"] == f"deal-{sale.deal.id}"
    assert transfer["source_transaction"] == fake.intents[sale.payment.gateway_object]["latest_charge"]["id"]
    assert fake.balances[account] == 12_000_000
    assert cash(Method.STRIPE) == 2_000_000
    holds()
    back(sale, app, fake)
    assert fake.balances[account] == 12_000_000 - 11_000_000
    with atomic() as session:
        statuses = {debt.status for debt in session.scalars(select(Debt))}
        assert statuses == {DebtStatus.CHARGED_TO_SALE, DebtStatus.PAID}
    holds()


def back(sale: Sale, app: Flask, fake: StripeFake) -> None:
    """The dispute is lost, and two persons let the payees bear it."""
    dispute = fake.dispute(sale.payment.gateway_object)
    fake.decide(dispute, won=False)
    fake.deliver(poster(app.test_client()))
    work(sale.known)
    with atomic() as session:
        debt = session.scalars(select(Debt)).one()
        kind = DecisionKind.CHARGE_TO_SALE
        decision = disputes.propose_about_debt(session, sale.scene.olga, kind, debt.id, reason="insolvent")
    with atomic() as session:
        disputes.approve(session, sale.scene.otto, decision.id, "agreed")
    work(sale.known)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_case_35_an_empty_account_leaves_a_debt(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    """The reversal of a transfer failed because the payee's balance was empty, and the loss was nobody's."""
    sale = paid_by_card(clock, fake)
    account = with_account(app, sale, fake)
    pass_hold_back(clock)
    with atomic() as session:
        payout = bank_payout(session, sale)
    release(sale, payout, paid=False)
    work(sale.known)
    fake.pay_out(account)
    back(sale, app, fake)
    with atomic() as session:
        debt = session.scalars(select(Debt).where(Debt.status == DebtStatus.OPEN)).one()
        assert (debt.institution_id, debt.open_minor) == (sale.scene.bank.institution_id, 11_000_000)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_refused_transfer_is_paid_by_the_bank(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    sale = paid_by_card(clock, fake)
    account = with_account(app, sale, fake)
    fake.accounts[account]["capabilities"] = {"transfers": "inactive"}
    pass_hold_back(clock)
    with atomic() as session:
        payout = bank_payout(session, sale)
    release(sale, payout, paid=False)
    work(sale.known)
    with atomic() as session:
        refused = session.get_one(Payout, payout.id)
        assert (refused.status, refused.transfer_object) == (PayoutStatus.APPROVED, "")
        assert "capability" in refused.problem
    holds()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_transfer_leaves_under_a_dispute(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    """It came after the release and before the worker made the call."""
    sale = paid_by_card(clock, fake)
    account = with_account(app, sale, fake)
    pass_hold_back(clock)
    with atomic() as session:
        payout = bank_payout(session, sale)
    release(sale, payout, paid=False)
    with atomic() as session:
        state = sale.known[Method.STRIPE].look_up_dispute(fake.dispute(sale.payment.gateway_object))
        disputes.heard(session, state)
    for _ in range(3):
        work(sale.known)
        clock.advance(minutes=10)
    assert fake.balances[account] == 0
    with atomic() as session:
        assert session.get_one(Payout, payout.id).status is PayoutStatus.APPROVED


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_mainland_bank_opens_none(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    sale = paid_by_card(clock, fake)
    registry.install(app, sale.known)
    with atomic() as session:
        bank = session.get_one(Institution, sale.scene.bank.institution_id)
        head = a_person(session, bank, "Adele", frozenset({Role.ADMINISTRATOR}))
    client = signed_in(app.test_client(), head)
    assert "Our bank pays you" in client.get("/money/account").text
    assert client.post("/money/account").status_code == 422


PLANTS = [
    ("transfers to payees are their payouts", "UPDATE payouts SET amount_minor = amount_minor + 1"),
    ("transfers to payees are in the ledger", "UPDATE payouts SET transfer_object = 'tr_x'"),
]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_each_check_finds_what_is_planted(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    sale = paid_by_card(clock, fake)
    with_account(app, sale, fake)
    pass_hold_back(clock)
    with atomic() as session:
        payout = bank_payout(session, sale)
    release(sale, payout, paid=False)
    work(sale.known)
    assert {name for name, _ in PLANTS} == {name for name, _ in invariants.CHECKS}
    holds()
    for name, plant in PLANTS:
        with atomic() as session:
            session.begin_nested()
            session.execute(text(plant))
            session.expire_all()
            found = {check for check, question in invariants.CHECKS if question(session)}
            session.rollback()
        assert name in found, plant
