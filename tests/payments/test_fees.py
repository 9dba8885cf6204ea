"""The platform's commission: within the pack, agreed by two, fixed at publication, charged as quoted."""

from datetime import timedelta
from fractions import Fraction

import pytest
from builders import an_actor, an_institution
from flask import Flask

from auctions.live.mine import all_in
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.commission import Bearer, Commission, commission_amount
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.deals.waivers import invariants as waiver_invariants
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.four_eyes import FourEyesReason
from marketplace.listings.fees import invariants as fee_invariants
from marketplace.listings.fees import queries as fees
from marketplace.listings.fees.rules import FeeReason, Standing, Terms, check_terms, chosen, fraction
from marketplace.listings.fees.service import answer_terms, fix, propose_terms
from marketplace.rule_packs import load
from payments.rates import invariants as rate_invariants
from payments.risk_sharing import invariants as sharing_invariants

from .scene import (
    a_scene,
    due_payouts,
    pay_out_everything,
    payment_of,
    receive,
    transfer,
    work,
)
from .terms_scene import PRICE, a_deal, fix_anew, settled, terms_in_force

SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_case_33_the_buyer_is_charged_what_the_panel_quoted_and_every_fen_is_split(
    app: Flask, clock: FixedClock
) -> None:
    """Odd rates on an odd price: quote, charge and settlement agree; the parts sum to what came in."""
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        terms_in_force(session, scene, Terms(borne_by=Bearer.BUYER, rate="0.01337", agency_share="0.333"))
        terms_in_force(session, scene, Terms(borne_by=Bearer.SELLER, rate="0.0271828", least_minor=50_000))
        fix_anew(session, scene, clock)
        deal = a_deal(session, scene, clock)
        premium = fees.buyers_part(session, scene.lot.id, PRICE, "CNY")
        quoted = all_in(PRICE, 0, 0, premium=premium)
        deal_id = deal.id
    work()
    with atomic() as session:
        payment = payment_of(session, session.get_one(Deal, deal_id))
        assert payment.amount_minor == quoted.due == quoted.total == PRICE + 133_700
    receive(scene, payment, payment.amount_minor)
    transfer(scene, session.get_one(Deal, deal_id))
    work()
    with atomic() as session:
        row = settled(session)
        assert row.received_minor == quoted.total == sum(line["paid"] for line in row.lines)
        earned = {line["step"]: line["paid"] for line in row.lines if line["party"] == str(scene.operator.id)}
        assert earned == {"buyer_commission": 133_700, "commission": 271_829}
        assert sum(payout.amount_minor for payout in due_payouts(session)) == quoted.total
    pay_out_everything(scene)
    work()
    with atomic() as session:
        assert session.get_one(Deal, deal_id).status is DealStatus.COMPLETED
        for checks in (fee_invariants, rate_invariants, sharing_invariants, waiver_invariants):
            assert [found for _, question in checks.CHECKS if (found := question(session))] == []


@SQLITE_ONLY
def test_later_terms_do_not_touch_a_published_lot(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="cn-bank")
        terms_in_force(session, scene, Terms(borne_by=Bearer.BUYER, rate="0.01"))
        fix_anew(session, scene, clock)
        terms_in_force(session, scene, Terms(borne_by=Bearer.BUYER, rate="0.05"))
        fix(session, scene.lot, clock.moment)
        assert fees.buyers_part(session, scene.lot.id, 10_000, "CNY") == 100
        with pytest.raises(Conflict, match=FeeReason.LOT_IS_PUBLISHED):
            propose_terms(
                session,
                scene.olga,
                Terms(borne_by=Bearer.BUYER, rate="0.02"),
                rule_pack="cn-bank",
                currency="CNY",
                effective_from=None,
                reason="too late",
                lot_id=scene.lot.id,
            )


@SQLITE_ONLY
def test_two_persons_agree_terms_and_a_share_goes_to_whoever_brought_the_price(
    app: Flask, clock: FixedClock
) -> None:
    with atomic() as session:
        scene = a_scene(session, pack="open")
        terms = Terms(borne_by=Bearer.SELLER, rate="0.04", agency_share="0.25", most_minor=300_000)
        row = propose_terms(
            session, scene.olga, terms, rule_pack="open", currency="CNY", effective_from=None, reason="2026"
        )
        both = an_actor(session, InstitutionKind.OPERATOR, institution=scene.operator)
        row.proposed_by_id = both.person_id
        with pytest.raises(NotAllowed):
            answer_terms(session, both, row.id, agreed=True, answer="my own")
        with pytest.raises(Refused, match=FourEyesReason.SAY_WHY):
            answer_terms(session, scene.otto, row.id, agreed=True, answer=" ")
        answer_terms(session, scene.otto, row.id, agreed=True, answer="fine")
        with pytest.raises(Conflict, match=FourEyesReason.ANSWERED_ALREADY):
            answer_terms(session, scene.otto, row.id, agreed=False, answer="no")
        fix_anew(session, scene, clock)
        assert len(fees.commissions_for(session, scene.lot.id, None)) == 1
        agency = an_institution(session, InstitutionKind.AGENCY)
        whole, share = fees.commissions_for(session, scene.lot.id, agency.id)
        assert (share.to, share.share_of, share.rate) == (str(agency.id), whole.label, Fraction(1, 4))
        assert commission_amount(whole, 20_000_000, "CNY") == 300_000
        with pytest.raises(NotFound):
            answer_terms(session, scene.otto, scene.lot.id, agreed=True, answer="no such terms")


@pytest.mark.parametrize(
    ("pack", "terms", "reason"),
    [
        ("cn-bank", Terms(borne_by=Bearer.SELLER, rate="0.051"), FeeReason.ABOVE_THE_LIMIT),
        ("cn-bank", Terms(borne_by=Bearer.SELLER, rate="0.051", agreement="C-1"), None),
        ("cn-bank", Terms(borne_by=Bearer.SELLER, rate="0.51", agreement="C-1"), FeeReason.ABOVE_THE_LIMIT),
        ("cn-court", Terms(borne_by=Bearer.BUYER, table="court-2020"), None),
        ("cn-court", Terms(borne_by=Bearer.SELLER, rate="0.6"), FeeReason.ABOVE_THE_LIMIT),
        ("cn-court", Terms(borne_by=Bearer.BUYER, rate="0.005"), None),
        ("cn-court", Terms(borne_by=Bearer.BUYER, rate="0.006", agreement="C-1"), FeeReason.ABOVE_THE_TABLE),
        (
            "cn-court",
            Terms(borne_by=Bearer.BUYER, table="court-2020", least_minor=1),
            FeeReason.ABOVE_THE_TABLE,
        ),
        ("open", Terms(borne_by=Bearer.BUYER), FeeReason.RATE_OR_TABLE),
        ("open", Terms(borne_by=Bearer.BUYER, rate="0.01", table="court-2020"), FeeReason.RATE_OR_TABLE),
        ("open", Terms(borne_by=Bearer.BUYER, table="other"), FeeReason.UNKNOWN_TABLE),
        ("open", Terms(borne_by=Bearer.BUYER, rate="1%"), FeeReason.NOT_A_RATE),
        ("open", Terms(borne_by=Bearer.BUYER, rate="0", agency_share="0.5"), FeeReason.NOT_A_RATE),
        (
            "open",
            Terms(borne_by=Bearer.BUYER, rate="0.01", least_minor=5, most_minor=4),
            FeeReason.BOUNDS_REVERSED,
        ),
        ("open", Terms(borne_by=Bearer.BUYER, rate="0", least_minor=5, most_minor=5), None),
    ],
)
def test_what_the_platform_may_take(pack: str, terms: Terms, reason: FeeReason | None) -> None:
    if reason is None:
        check_terms(terms, load(pack))
        return
    with pytest.raises(Refused, match=reason):
        check_terms(terms, load(pack))


def test_which_terms_a_lot_runs_under(clock: FixedClock) -> None:
    now = clock.moment
    before, later = now - timedelta(days=2), now + timedelta(days=2)
    old = Standing(Bearer.BUYER, False, before, before)
    newer = Standing(Bearer.BUYER, False, now, before)
    own = Standing(Bearer.BUYER, True, before, before)
    coming = Standing(Bearer.SELLER, False, later, now)
    assert chosen([newer, old, coming], now) == [newer]
    assert chosen([own, newer, coming], later) == [coming, own]
    assert fraction(" 0.5 ", "rate") == Fraction(1, 2)


def test_a_commission_has_bounds_and_a_label() -> None:
    one = Commission(to="p", rate=Fraction(1, 100), borne_by=Bearer.BUYER, least=500, most=900, name="x")
    assert [commission_amount(one, price, "CNY") for price in (100, 70_000, 900_000)] == [500, 700, 900]
    assert (one.label, Commission(to="p").label) == ("x", "p")
