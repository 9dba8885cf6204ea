"""Shared risk, and claims in another currency at the rate of the day."""

from datetime import timedelta
from typing import Any

import pytest
from builders import an_institution
from flask import Flask
from sqlalchemy import select

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.errors import Conflict, Refused
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from payments.models import Settlement
from payments.rates.rules import RateReason, converted, read_rate
from payments.rates.service import answer_rate, enter_rate
from payments.risk_sharing import queries as sharing
from payments.risk_sharing.rules import Share, SharingReason, check_shares, read_lines
from payments.risk_sharing.service import answer, draft

from .scene import (
    a_scene,
    payment_of,
    receive,
    transfer,
    work,
)
from .terms_scene import PRICE, a_deal, checker_of, settled

SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_the_risk_is_shared_by_agreement_after_the_deposit_too(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        fund = an_institution(session, InstitutionKind.FUND, "City guarantee fund")
        shares = read_lines("City guarantee fund 0.5\nInsurer of Jinan 0.25\n")
        checker = checker_of(session, scene)
        row = draft(session, scene.bank, scene.lot.id, document="RS-7", shares=shares, reason="pilot")
        with pytest.raises(Conflict, match=SharingReason.DRAFT_WAITS):
            draft(session, scene.bank, scene.lot.id, document="RS-8", shares=shares, reason="pilot")
        answer(session, checker, row.id, agreed=True, reason="as signed")
        assert [share.code for share in row.shares] == [str(fund.id), "Insurer of Jinan"]
        deal_id = a_deal(session, scene, clock).id
    work()
    with atomic() as session:
        payment = payment_of(session, session.get_one(Deal, deal_id))
    receive(scene, payment, payment.amount_minor)
    transfer(scene, payment.deal)
    work()
    with atomic() as session:
        sale = settled(session)
        assert sale.unpaid == {str(scene.lot.institution_id): 12_000_000 - PRICE}
        assert sale.compensation == {str(fund.id): 999_983, "Insurer of Jinan": 499_992}
        assert sharing.settled(session, scene.lot.id)
        with pytest.raises(Conflict, match=SharingReason.SETTLED_ALREADY):
            draft(session, scene.bank, scene.lot.id, document="RS-9", shares=shares, reason="late")


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        ([], SharingReason.NO_PARTIES),
        ([Share("a", "0.5"), Share("a", "0.1")], SharingReason.PARTY_TWICE),
        ([Share("a", "0.6"), Share("b", "0.41")], SharingReason.MORE_THAN_THE_WHOLE),
        ([Share("a", "0")], SharingReason.NOT_A_SHARE),
        ([Share("a", "half")], SharingReason.NOT_A_SHARE),
    ],
)
def test_shares_that_cannot_be(shares: list[Share], reason: SharingReason) -> None:
    with pytest.raises(Refused, match=reason):
        check_shares(shares)


def test_a_line_without_a_party_is_no_share() -> None:
    with pytest.raises(Refused, match=SharingReason.NOT_A_SHARE):
        read_lines("0.5")


def test_a_claim_in_another_currency_is_settled_at_the_rate_two_persons_took(
    app: Flask, clock: FixedClock
) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank", case=False)
        (right,) = scene.lot.rights
        pledge = Encumbrance(
            right_id=right.id,
            kind=EncumbranceKind.PLEDGE,
            holder="Bank of Osaka",
            rank=1,
            claim_minor=1_000_000,
            currency="JPY",
        )
        session.add(pledge)
        session.flush()
        session.refresh(right)
        deal_id = a_deal(session, scene, clock).id
    work()
    with atomic() as session:
        payment = payment_of(session, session.get_one(Deal, deal_id))
    receive(scene, payment, payment.amount_minor)
    transfer(scene, payment.deal)
    work()
    today = clock.moment.date()
    with atomic() as session:
        assert session.scalars(select(Settlement)).all() == []
        values: dict[str, Any] = {"rate": "0.0468", "rate_on": today, "source": "PBC", "reason": "fixing"}
        with pytest.raises(Refused, match=RateReason.NO_SUCH_CLAIM):
            enter_rate(session, scene.olga, deal_id, currency="USD", **values)
        with pytest.raises(Refused, match=RateReason.SOURCE_MISSING):
            enter_rate(session, scene.olga, deal_id, currency="JPY", **(values | {"source": " "}))
        late = values | {"rate_on": today + timedelta(days=2)}
        with pytest.raises(Refused, match=RateReason.NOT_OF_TODAY):
            enter_rate(session, scene.olga, deal_id, currency="JPY", **late)
        row = enter_rate(session, scene.olga, deal_id, currency="JPY", **values)
        with pytest.raises(Conflict, match=RateReason.RATE_WAITS):
            enter_rate(session, scene.olga, deal_id, currency="JPY", **values)
    work()
    with atomic() as session:
        assert session.scalars(select(Settlement)).all() == []
        answer_rate(session, scene.otto, row.id, agreed=True, answer="as published")
    work()
    with atomic() as session:
        lines = {line["name"]: (line["due"], line["paid"]) for line in settled(session).lines}
        assert lines["Bank of Osaka"] == (4_680_000, 4_680_000)


def test_rates_are_read_and_rounded_once() -> None:
    assert converted(1_000_000, "JPY", read_rate("0.0468"), "CNY") == 4_680_000
    assert converted(105, "CNY", read_rate("21.3"), "JPY") == 22
    for wrong in ("0", "-1", "1e3", "", "7,1"):
        with pytest.raises(Refused, match=RateReason.NOT_A_RATE):
            read_rate(wrong)
