"""Subsidies from the application to the money: caps, the budget and its waiting list, on both databases."""

from collections.abc import Callable
from functools import partial

import pytest
from builders import an_actor
from crowd import at_once
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from payments import service as payments
from payments.funds.rules import EvidenceKind
from payments.models import Payout
from payments.subsidies import queries, service
from payments.subsidies.models import SubsidyApplication, SubsidyProgramme
from payments.subsidies.rules import ApplicationStatus, CostKind, SubsidyIneligible, SubsidyReason

from .compensation_stage import sold_with_a_remainder
from .subsidy_desk import (
    FIRM_NUMBER,
    a_desk,
    another_firm,
    applied,
    approve_budgets,
    broken,
    named,
    now,
    stated,
)


def test_from_the_application_to_the_money(app: Flask, clock: FixedClock) -> None:
    desk = a_desk()
    row = applied(desk, 6_000_000)
    assert (row.amount_minor, row.status, row.number) == (6_000_000, ApplicationStatus.APPLIED, 1)
    with pytest.raises(Refused) as refused, atomic() as session:
        service.review(session, desk.fay, row.id, "complete")
    assert refused.value.reason is SubsidyReason.EVIDENCE_LACKING
    named(desk, row)
    with atomic() as session:
        service.review(session, desk.fay, row.id, "complete")
    with pytest.raises(Conflict), atomic() as session:
        service.approve(session, desk.finn, row.id, "another")
    with atomic() as session:
        service.approve(session, desk.finn, row.id, row.content_hash)
    with atomic() as session:
        payout = session.scalars(select(Payout)).one()
        assert (payout.amount_minor, payout.institution_id) == (6_000_000, desk.carol.institution_id)
        assert not service.close_paid(session)
        payments.prepare_payout(session, desk.olga, payout.id, "approved")
    with atomic() as session:
        payments.approve_payout(session, desk.otto, payout.id, "yes")
    with atomic() as session:
        payments.confirm_paid(session, desk.olga, payout.id, "B7")
    with atomic() as session:
        assert service.close_paid(session)
        assert not service.close_paid(session)
    assert now(row).status is ApplicationStatus.PAID
    assert broken() == {}


def test_the_cap_of_a_firm_counts_over_its_applications_whoever_makes_them(
    app: Flask, clock: FixedClock
) -> None:
    """15 000 000 fen a year: the third application gets what the first two have left, the fourth nothing."""
    desk = a_desk()
    with atomic() as session:
        bank = an_actor(session, InstitutionKind.BANK)
    for asked, given in ((9_000_000, 9_000_000), (5_000_000, 5_000_000), (5_000_000, 1_000_000)):
        row = applied(desk, asked, bank, firm="Taishan Motors", firm_number=FIRM_NUMBER)
        assert (row.amount_minor, row.payee_id) == (given, None)
    with pytest.raises(Refused) as refused:
        applied(desk, 1, bank, firm="Taishan Motors", firm_number=FIRM_NUMBER)
    assert refused.value.details["reasons"] == (SubsidyIneligible.CAP_USED_UP,)
    with pytest.raises(Refused):
        applied(desk, 1, bank, firm="Taishan Motors", firm_number="91110108551385082X")
    with pytest.raises(Refused):
        applied(desk, 1, bank, firm=" ", firm_number="91350211M000100Y43")
    assert broken() == {}


def test_first_come_first_served_and_nobody_passes_the_waiting_list(app: Flask, clock: FixedClock) -> None:
    desk = a_desk(budget=10_000_000)
    first = applied(desk, 8_000_000)
    large = applied(desk, 5_000_000, another_firm())
    small = applied(desk, 1_000_000, another_firm())
    assert [first.status, large.status, small.status] == [
        ApplicationStatus.APPLIED,
        ApplicationStatus.WAITING,
        ApplicationStatus.WAITING,  # it would fit, but somebody waits before it
    ]
    with atomic() as session:
        assert [queries.place_of(session, row) for row in (large, small)] == [1, 2]
        assert queries.count_waiting(session, desk.programme_id) == 2
    with atomic() as session:
        service.withdraw(session, desk.carol, first.id, "We pay it ourselves")
    assert now(large).status is now(small).status is ApplicationStatus.APPLIED
    assert broken() == {}


def test_more_budget_and_a_refusal_let_those_in_who_wait(app: Flask, clock: FixedClock) -> None:
    desk = a_desk(budget=1_000_000)
    first = applied(desk, 1_000_000)
    second, third = applied(desk, 600_000, another_firm()), applied(desk, 900_000, another_firm())
    with atomic() as session:
        service.add_budget(session, desk.fay, desk.programme_id, 700_000)
    assert now(second).status is ApplicationStatus.WAITING
    approve_budgets(desk)
    assert now(second).status is ApplicationStatus.APPLIED
    assert now(third).status is ApplicationStatus.WAITING
    with atomic() as session:
        service.refuse(session, desk.fay, first.id, "Not of this year")
    assert now(third).status is ApplicationStatus.APPLIED
    assert broken() == {}


def test_a_purchase_here_is_its_deal_and_is_subsidised_once(app: Flask, clock: FixedClock) -> None:
    scene = sold_with_a_remainder()
    desk = a_desk(terms="beijing-purchase")
    with atomic() as session:
        deal = session.scalars(select(Deal).where(Deal.lot_id == scene.lot.id)).one()
        buyer = an_actor(session, InstitutionKind.BUYER, institution=deal.buyer)
    bought = {"costs": {CostKind.PURCHASE_PRICE: 99}, "deal_id": deal.id}
    row = applied(desk, 0, buyer, **bought)
    assert row.costs == {"purchase_price": 15_000_000}
    assert row.amount_minor == 6_000_000
    with pytest.raises(Refused) as refused:
        applied(desk, 0, buyer, **bought)
    assert refused.value.details["reasons"] == (SubsidyIneligible.DEAL_USED,)
    with pytest.raises(Refused) as refused:  # somebody else's purchase
        applied(desk, 0, desk.carol, **bought)
    assert refused.value.details["reasons"] == (SubsidyIneligible.DEAL_NEEDED,)
    assert broken() == {}


def test_programmes_are_opened_once_a_year_and_closed_before_their_budget_is_approved(
    app: Flask, clock: FixedClock
) -> None:
    desk = a_desk()
    for values in (
        {"terms_name": "hefei-park", "year": 2026, "budget_minor": 5},
        {"terms_name": "nowhere", "year": 2026, "budget_minor": 5},
        {"terms_name": "hefei-park", "year": 1999, "budget_minor": 5},
        {"terms_name": "hefei-park", "year": 2027, "budget_minor": 0},
    ):
        with pytest.raises(Refused), atomic() as session:
            service.open_programme(session, desk.fay, **values)  # type: ignore[arg-type]
    with atomic() as session:
        both = an_actor(session, InstitutionKind.FUND)
        closed = service.open_programme(session, both, terms_name="hefei-park", year=2026, budget_minor=5)
    with pytest.raises(Conflict), atomic() as session:
        service.apply(session, desk.carol, closed.id, stated(5))
    with atomic() as session:
        budget = session.get_one(SubsidyProgramme, closed.id).budgets[0].id
    with pytest.raises(NotAllowed), atomic() as session:
        service.approve_budget(session, both, budget)
    with pytest.raises(NotFound), atomic() as session:
        service.approve_budget(session, desk.finn, budget)


def test_whoever_reviews_does_not_approve_and_strangers_find_nothing(app: Flask, clock: FixedClock) -> None:
    desk = a_desk()
    row = applied(desk, 5)
    named(desk, row)
    with atomic() as session:
        keeper = session.get_one(SubsidyProgramme, desk.programme_id).keeper
        both = an_actor(session, InstitutionKind.FUND, institution=keeper)
        service.review(session, both, row.id, "x")
    with pytest.raises(NotAllowed), atomic() as session:
        service.approve(session, both, row.id, row.content_hash)
    with atomic() as session:
        service.send_back(session, desk.finn, row.id, "The invoice is another firm's")
    assert now(row).status is ApplicationStatus.APPLIED
    other, stranger = another_firm(), None
    with atomic() as session:
        stranger = an_actor(session, InstitutionKind.FUND)
    acts: tuple[Callable[[Session], object], ...] = (
        lambda session: service.withdraw(session, other, row.id, "x"),
        lambda session: service.add_evidence(session, other, row.id, EvidenceKind.INVOICE, reference="x"),
        lambda session: service.review(session, stranger, row.id, "x"),
        lambda session: service.refuse(session, stranger, row.id, "x"),
        lambda session: service.add_budget(session, stranger, desk.programme_id, 5),
        lambda session: service.withdraw_money(session, stranger, desk.programme_id, minor=5, reason="x"),
    )
    for act in acts:
        with pytest.raises(NotFound), atomic() as session:
            act(session)


def test_money_of_a_programme_goes_back_by_two_persons(app: Flask, clock: FixedClock) -> None:
    desk = a_desk(budget=500)
    with pytest.raises(Refused), atomic() as session:
        service.withdraw_money(session, desk.fay, desk.programme_id, minor=501, reason="x")
    with atomic() as session:
        asked = service.withdraw_money(session, desk.fay, desk.programme_id, minor=500, reason="Year's end")
    with atomic() as session:
        service.answer_movement(session, desk.finn, asked.id, confirm=True)
    row = applied(desk, 5)
    named(desk, row)
    with atomic() as session:
        service.review(session, desk.fay, row.id, "x")
    with pytest.raises(Refused), atomic() as session:  # the budget allows it, the account is empty
        service.approve(session, desk.finn, row.id, row.content_hash)
    assert broken() == {}


@pytest.mark.postgresql
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_two_applications_at_once_never_exceed_the_cap_or_the_budget(app: Flask, clock: FixedClock) -> None:
    """Eight of one firm, each for more than half of its cap, and eight firms after one budget."""
    desk = a_desk(budget=20_000_000)
    outcomes = at_once(app, [lambda: applied(desk, 8_000_000)] * 8)
    given = sorted(row.amount_minor for row in outcomes if isinstance(row, SubsidyApplication))
    assert given == [7_000_000, 8_000_000]
    assert all(isinstance(one, SubsidyApplication | Refused) for one in outcomes)
    firms = [another_firm() for _ in range(8)]
    rows = at_once(app, [partial(applied, desk, 2_000_000, firm) for firm in firms])
    assert sorted(row.number for row in rows) == list(range(3, 11))
    assert [row.status for row in rows].count(ApplicationStatus.APPLIED) == 2
    assert broken() == {}
