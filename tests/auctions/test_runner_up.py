"""The next on the ladder is asked, and buys only by accepting (peers: never automatic)."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from builders import an_actor, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from auctions import invariants, queries, service
from auctions.models import Auction
from auctions.rules import Action, Event, Outcome, Reason
from auctions.rules.after_close import strike
from auctions.runner_up import invariants as own
from auctions.runner_up import service as runner_up
from auctions.runner_up.models import RunnerUpOffer
from auctions.runner_up.queries import offer_of, open_offer, waiting_for
from auctions.runner_up.rules import DAYS_TO_ANSWER, Answer, RunnerUpReason, answer_by, check_answer
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, NotFound
from marketplace.listings.rules import LotStatus
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.parties.models import Person
from marketplace.rule_packs import load

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, opening, says_yes, tick

SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_defaulted_sale(clock: FixedClock) -> tuple[Sale, list[Actor]]:
    """Three bid 100,000, 105,000 and 110,000; who bid most does not pay."""
    with atomic() as session:
        sale = a_sale(session, rule_pack="cn-bank")
        actors = [a_bidder(session, sale)[0] for _ in range(3)]
        clock.move_to(opening(sale))
        for actor, amount in zip(actors, ("100000.00", "105000.00", "110000.00"), strict=True):
            assert bid(session, actor, sale, amount).decision == "accepted"
        clock.advance(days=1)
        tick(session)
        clock.advance(days=20)
        service.record_default(session, sale.auction.id, actors[2].institution_id)
    return sale, actors


def test_a_silence_or_a_no_passes_the_lot_on_and_costs_nothing(app: Flask, clock: FixedClock) -> None:
    sale, (carol, dave, _) = a_defaulted_sale(clock)
    with atomic() as session:
        auction = session.get_one(Auction, sale.auction.id)
        offer = open_offer(session, auction.id)
        assert offer is not None
        assert offer.price_minor == 10_500_000
        assert offer.answer_by == clock.moment + timedelta(days=5)
        assert [row.id for row in waiting_for(session, dave.institution_id)] == [offer.id]
        assert session.scalars(select(Deal)).one().status is DealStatus.DEFAULTED
        assert sale.lot.status is LotStatus.RESERVED
        with pytest.raises(NotFound):
            runner_up.accept(session, carol, offer.id)
        runner_up.decline(session, dave, offer.id)
        with pytest.raises(Conflict):
            runner_up.accept(session, dave, offer.id)
    clock.advance(days=5)
    with atomic() as session:
        assert runner_up.lapse_due(session)
        assert not runner_up.lapse_due(session)
        auction = session.get_one(Auction, sale.auction.id, populate_existing=True)
        assert auction.outcome is Outcome.UNSOLD
        assert auction.state["forfeited"] == [auction.state["struck"][0]]
        assert [
            row.answer for row in session.scalars(select(RunnerUpOffer).order_by(RunnerUpOffer.asked_at))
        ] == [
            Answer.DECLINED,
            Answer.LAPSED,
        ]
        assert len(list(session.scalars(select(Deal)))) == 1
        entries = [entry.action for entry, _ in queries.journal_of(session, auction.id)]
        assert entries.count(Action.DECLINE) == 2
        asked = session.scalars(select(Notice).where(Notice.kind == NoticeKind.RUNNER_UP_ASKED))
        assert {notice.institution_id for notice in asked} == {carol.institution_id, dave.institution_id}
    holds()


def test_a_yes_is_a_deal_at_the_own_amount_and_comes_in_time_or_never(app: Flask, clock: FixedClock) -> None:
    sale, (carol, dave, _) = a_defaulted_sale(clock)
    with atomic() as session:
        offer = offer_of(session, sale.auction.id, dave.institution_id)
        assert offer is not None
        assert offer_of(session, sale.auction.id, carol.institution_id) is None
    clock.advance(days=5)
    with atomic() as session, pytest.raises(Conflict, match=RunnerUpReason.TOO_LATE_TO_ACCEPT):
        runner_up.accept(session, dave, offer.id)
    with atomic() as session:
        assert runner_up.lapse_due(session)
    with atomic() as session:
        says_yes(session, carol, sale.auction.id)
    with atomic() as session:
        deal = session.scalars(select(Deal).where(Deal.status == DealStatus.AGREED)).one()
        assert (deal.buyer_id, deal.price_minor) == (carol.institution_id, 10_000_000)
        assert deal.pay_by == clock.moment + timedelta(days=15)
    holds()


@SQLITE_ONLY
def test_who_is_disqualified_while_being_asked_cannot_accept(app: Flask, clock: FixedClock) -> None:
    sale, (carol, dave, _) = a_defaulted_sale(clock)
    with atomic() as session:
        service.disqualify(session, sale.operator, sale.auction.id, dave.institution_id, "an insider")
        gone = offer_of(session, sale.auction.id, dave.institution_id)
        assert gone is not None
        assert gone.answer is Answer.LAPSED
        asked = open_offer(session, sale.auction.id)
        assert asked is not None
        assert asked.registration.institution_id == carol.institution_id
    holds()


@SQLITE_ONLY
def test_the_winner_of_the_hammer_cannot_decline(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session, rule_pack="cn-bank")
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        clock.advance(days=1)
        tick(session)
        auction = session.get_one(Auction, sale.auction.id, populate_existing=True)
        terms, state = read_terms(auction.terms), read_state(auction.state)
        assert strike(terms, state, Action.DECLINE, state.winner) is Reason.NOT_ALLOWED_IN_STAGE
        assert Event(clock.moment, Action.DECLINE, state.winner).action is Action.DECLINE


@SQLITE_ONLY
def test_the_page_asks_the_bidder_and_nobody_else(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    sale, (carol, dave, _) = a_defaulted_sale(clock)
    url = f"/auctions/{sale.auction.id}/runner-up"
    with atomic() as session:
        stranger = an_actor(session, InstitutionKind.BUYER)
        offer = offer_of(session, sale.auction.id, dave.institution_id)
        assert offer is not None
    for reader, status in ((carol, 404), (stranger, 404), (sale.bank, 200), (sale.operator, 200)):
        as_reader(client, reader)
        assert client.get(url).status_code == status
        assert client.post(f"/runner-up/{offer.id}/accept").status_code in {403, 404}
    as_reader(client, dave)
    page = client.get(url).get_data(as_text=True)
    assert "105,000.00" in page
    assert "Accept and buy" in page
    assert client.post(f"/runner-up/{offer.id}/accept").status_code == 303
    again = client.post(f"/runner-up/{offer.id}/decline")
    assert again.status_code == 409
    assert "There is a deal now" in client.get(url).get_data(as_text=True)


@pytest.mark.parametrize(
    ("old", "new", "late", "fine"),
    [
        (Answer.ASKED, Answer.ACCEPTED, False, True),
        (Answer.ASKED, Answer.ACCEPTED, True, False),
        (Answer.ASKED, Answer.DECLINED, True, True),
        (Answer.ASKED, Answer.LAPSED, True, True),
        (Answer.DECLINED, Answer.ACCEPTED, False, False),
        (Answer.LAPSED, Answer.DECLINED, False, False),
    ],
)
def test_what_may_be_answered(old: Answer, new: Answer, *, late: bool, fine: bool) -> None:
    until = NOW if late else NOW + timedelta(seconds=1)
    if fine:
        check_answer(old, new, until, NOW)
    else:
        with pytest.raises(Conflict):
            check_answer(old, new, until, NOW)


def test_until_when_is_the_packs_word() -> None:
    assert answer_by(load("cn-bank"), NOW) == NOW + timedelta(days=5)
    assert answer_by(load("cn-court"), NOW) == NOW + timedelta(days=DAYS_TO_ANSWER)


@SQLITE_ONLY
def test_planted_faults_are_found(app: Flask, clock: FixedClock) -> None:
    sale, (carol, dave, _) = a_defaulted_sale(clock)
    with atomic() as session:
        offer = offer_of(session, sale.auction.id, dave.institution_id)
        assert offer is not None
        session.execute(update(RunnerUpOffer).values(answer=Answer.ACCEPTED))
    with atomic() as session:
        assert len(own.bought_without_a_yes(session)) == 1
        assert len(invariants.sold_means_one_deal(session)) == 1
        session.execute(update(RunnerUpOffer).values(answer=Answer.ASKED))
        carols = queries.registration_of_buyer(session, sale.auction.id, carol.institution_id)
        assert carols is not None
        twin = {name: getattr(offer, name) for name in ("auction_id", "price_minor", "currency", "answer_by")}
        session.add(RunnerUpOffer(registration_id=carols.id, asked_at=clock.moment, **twin))
        session.flush()
        assert len(own.asked_two_at_once(session)) == 1
        session.execute(delete(RunnerUpOffer))
        assert len(invariants.sold_means_one_deal(session)) == 1


def as_reader(client: FlaskClient, actor: Actor) -> None:
    signed_in(client, db.session.get_one(Person, actor.person_id))


def holds() -> None:
    """Every question about auctions and next bidders answers with nothing."""
    with atomic() as session:
        for name, question in (*own.CHECKS, *invariants.CHECKS):
            assert not question(session), name


def test_an_unknown_offer_is_not_found(app: Flask) -> None:
    with atomic() as session:
        carol = an_actor(session, InstitutionKind.BUYER)
        with pytest.raises(NotFound):
            runner_up.accept(session, carol, uuid.uuid4())
