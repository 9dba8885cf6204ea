"""The pages of a procedure: who sees what, what a form that is refused says, when bidding may open."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import a_lot, a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient

from auctions.procedure.models import StepDecision
from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution, Person

from .builders_of_auctions import Sale
from .builders_of_steps import announced, unsold

SECRET = ("999,777.00", "999777.00")


def client_of(app: Flask, institution: Institution, *roles: Role) -> FlaskClient:
    with atomic() as session:
        person = a_person(session, institution, "Somebody", frozenset(roles))
    return signed_in(app.test_client(), person)


def page_of(sale: Sale) -> str:
    return f"/portfolio/lots/{sale.lot.id}/procedure"


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def maker(app: Flask, sale: Sale) -> FlaskClient:
    """The person of the bank who acts in the builders."""
    return signed_in(app.test_client(), db.session().get_one(Person, sale.bank.person_id))


def failed(clock: FixedClock, **changes: Any) -> Sale:
    with atomic() as session:
        return unsold(session, clock, **changes)


def test_only_the_bank_sees_its_page_and_everybody_the_history(app: Flask, clock: FixedClock) -> None:
    sale = failed(clock)
    assert maker(app, sale).get(page_of(sale)).status_code == 200
    with atomic() as session:
        mallory = an_institution(session, InstitutionKind.BANK)
        carol = an_institution(session, InstitutionKind.BUYER)
    assert client_of(app, mallory, *Role).get(page_of(sale)).status_code == 404
    assert client_of(app, carol, *Role).get(page_of(sale)).status_code == 403
    public = app.test_client().get(f"/lots/{sale.lot.id}/procedure")
    assert "no buyer" in words(public)
    assert app.test_client().get(f"/lots/{uuid.uuid4()}/procedure").status_code == 404
    with atomic() as session:
        session.get_one(Lot, sale.lot.id).status = LotStatus.DRAFTED
    assert app.test_client().get(f"/lots/{sale.lot.id}/procedure").status_code == 404


def test_every_limit_names_its_article_and_says_whether_it_binds(app: Flask, clock: FixedClock) -> None:
    sale = failed(clock)
    page = words(maker(app, sale).get(page_of(sale)))
    assert (
        "Start price at least 112,000.00 CNY, 80 percent of the one before (法释〔2016〕18号 art. 26)" in page
    )
    assert "Allowed by 拍卖、变卖规定 art. 16" in page
    assert "Withdrawal for good" in page
    state = failed(clock, rule_pack="cn-state")
    page = words(maker(app, state).get(page_of(state)))
    assert "10 working days of notice" in page
    assert "custom or not confirmed: it only warns" in page


def test_a_refused_form_keeps_what_was_entered(app: Flask, clock: FixedClock) -> None:
    sale = failed(clock)
    opens = clock.moment + timedelta(days=20)
    entered = {
        "next_auction-start_price_minor": "111,999.99",
        "next_auction-opens_at": opens.strftime("%Y-%m-%dT%H:%M"),
        "next_auction-closes_at": (opens + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "next_auction-deposit_minor": "10000.00",
        "next_auction-increment_minor": "1000",
        "next_auction-reason": "<script>nobody came</script>",
    }
    answer = maker(app, sale).post(f"{page_of(sale)}/next_auction", data=entered)
    assert answer.status_code == 422
    page = words(answer)
    assert 'value="111999.99"' in page
    assert "The start price must be at least 112000.00 CNY" in page
    assert "<script>nobody" not in page
    for name, value in (("start_price_minor", "1e9"), ("increment_minor", "0.001"), ("opens_at", "soon")):
        broken = entered | {f"next_auction-{name}": value}
        assert maker(app, sale).post(f"{page_of(sale)}/next_auction", data=broken).status_code == 422
    assert db.session().query(StepDecision).count() == 0
    assert maker(app, sale).post(f"{page_of(sale)}/give_away", data=entered).status_code == 404


@pytest.mark.parametrize(
    ("kind", "entered", "said"),
    [
        ("taking", {"cost": "5"}, "Say who gets these costs."),
        ("withdrawal", {"cost": "-5"}, "A plain amount"),
        ("redemption", {"price": "1", "paid_on": "2026-03-01", "document": "R"}, "90,000.00 CNY"),
        ("redemption", {"price": "90000", "paid_on": "2036-03-01", "document": "R"}, "today at the latest"),
    ],
)
def test_each_form_says_what_it_lacks(
    app: Flask, clock: FixedClock, kind: str, entered: dict[str, str], said: str
) -> None:
    sale = failed(clock)
    data = {f"{kind}-{name}": value for name, value in (entered | {"reason": "why"}).items()}
    answer = maker(app, sale).post(f"{page_of(sale)}/{kind}", data=data)
    assert answer.status_code == 422
    assert said in words(answer)


def test_a_conversion_goes_through_the_pages_of_two_persons(app: Flask, clock: FixedClock) -> None:
    sale = failed(clock, rule_pack="cn-bank")
    alice = maker(app, sale)
    data = {
        "conversion-price": "80000.00",
        "conversion-document": "Agreement 12",
        "conversion-reason": "agreed",
        "conversion-third_parties_checked": "y",
    }
    assert alice.post(f"{page_of(sale)}/conversion", data=data).status_code == 303
    page = words(alice.get(page_of(sale)))
    assert "Agreement 12" in page
    assert "Take back" in page
    assert "Approve and carry out" not in page
    amy = client_of(app, sale.lot.institution, Role.APPROVER)
    shown = amy.get(page_of(sale)).text
    seen = re.search(r'name="seen_hash"[^>]*value="([0-9a-f]{64})"', shown)
    step = re.search(r"/portfolio/steps/[0-9a-f-]{36}", shown)
    assert seen
    assert step
    assert amy.post(f"{step[0]}/refuse", data={"reason": " "}).status_code == 422
    assert alice.post(f"{step[0]}/approve", data={"seen_hash": seen[1]}).status_code in {403, 422}
    assert amy.post(f"{step[0]}/approve", data={"seen_hash": "0" * 64}).status_code == 409
    assert amy.post(f"{step[0]}/approve", data={"seen_hash": seen[1]}).status_code == 303
    with atomic() as session:
        mallory = an_institution(session, InstitutionKind.BANK)
    foreign = client_of(app, mallory, *Role)
    assert foreign.post(f"{step[0]}/approve", data={"seen_hash": seen[1]}).status_code == 404
    assert "Approve and carry out" not in words(amy.get(page_of(sale)))
    public = words(app.test_client().get(f"/lots/{sale.lot.id}/procedure"))
    assert "Conversion agreed with the pledgor" in public
    assert "80,000.00" not in public
    assert "Agreement 12" not in public


def test_a_proposed_reserve_stays_in_the_bank(app: Flask, clock: FixedClock) -> None:
    sale = failed(clock, rule_pack="cn-bank")
    opens = clock.moment + timedelta(days=9)
    data = {
        "next_auction-start_price_minor": "100000",
        "next_auction-reserve_minor": SECRET[1],
        "next_auction-increment_minor": "1000",
        "next_auction-opens_at": opens.strftime("%Y-%m-%dT%H:%M"),
        "next_auction-closes_at": (opens + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "next_auction-reason": "again",
    }
    assert maker(app, sale).post(f"{page_of(sale)}/next_auction", data=data).status_code == 303
    amy = client_of(app, sale.lot.institution, Role.APPROVER)
    page = amy.get(page_of(sale)).text
    assert SECRET[0] in page
    seen = re.search(r'name="seen_hash"[^>]*value="([0-9a-f]{64})"', page)
    step = re.search(r"/portfolio/steps/[0-9a-f-]{36}", page)
    assert seen
    assert step
    assert amy.post(f"{step[0]}/approve", data={"seen_hash": seen[1]}).status_code == 303
    stranger = app.test_client()
    for path in (f"/lots/{sale.lot.id}/procedure", f"/lots/{sale.lot.id}", f"/lots/{sale.lot.id}/auction"):
        assert not [secret for secret in SECRET if secret in stranger.get(path).text]


def test_the_scheduling_page_says_when_bidding_may_open(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = announced(session, clock)
        court = a_lot(session, sale.lot.institution, rule_pack="cn-court", published_at=clock.moment)
        state = a_lot(session, sale.lot.institution, rule_pack="cn-state", published_at=clock.moment)
        late = datetime(2099, 12, 30, tzinfo=UTC)
        unknown = a_lot(session, sale.lot.institution, rule_pack="cn-state", published_at=late)
    alice = maker(app, sale)

    def said(lot: Lot) -> str:
        return words(alice.get(f"/lots/{lot.id}/auction/schedule"))

    assert "Bidding may open on 2026-04-01 10:00 UTC+8 at the earliest: 30 days of notice" in said(court)
    assert "(法释〔2016〕18号 art. 12)" in said(court)
    assert "2026-03-17 00:00 UTC+8 at the earliest: 10 working days of notice" in said(state)
    assert "the holidays of 2099 are not known yet" in said(unknown)


def test_the_day_shows_what_waits_for_a_step_and_for_whom(app: Flask, clock: FixedClock) -> None:
    sale = failed(clock)
    alice, path = maker(app, sale), "/portfolio/procedures/today"
    amy = client_of(app, sale.lot.institution, Role.APPROVER)
    page = words(alice.get(path))
    assert "Decide how to go on" in page
    assert "2026-04-03 11:00 UTC+8" in page  # thirty days after the failure
    assert alice.post(f"{page_of(sale)}/taking", data={"taking-reason": "no buyer"}).status_code == 303
    assert "Decide how to go on" not in words(alice.get(path))
    assert "pill-decision" not in alice.get(path).text
    assert "pill-decision" in amy.get(path).text
    with atomic() as session:
        mallory = an_institution(session, InstitutionKind.BANK)
    assert "No lot waits for the next step." in words(client_of(app, mallory, *Role).get(path))


def test_an_unsold_lot_leads_to_its_procedure(app: Flask, clock: FixedClock) -> None:
    sale = failed(clock)
    alice = maker(app, sale)
    assert "Decide how to go on" in words(alice.get(f"/lots/{sale.lot.id}/auction"))
    answer = alice.get(f"/lots/{sale.lot.id}/auction/schedule")
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(sale))
    assert "Decide how to go on" not in words(app.test_client().get(f"/lots/{sale.lot.id}/auction"))
