"""What broke in the bidding of others: cases 3, 5 to 7, 9, 11 and 13, each so that it would be seen here."""

import uuid
from typing import Any

import pytest
from builders import signed_in
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from live_cast import a_stage
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auctions import queries
from auctions.models import JournalEntry, Registration
from auctions.rules import Action, Outcome
from marketplace.clock import FixedClock
from marketplace.db import Model, atomic, db
from marketplace.deals.models import Deal
from marketplace.money import decimal_text, parse_minor
from marketplace.parties.models import Person

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, decisions, opening, tick
from .builders_of_sealing import a_sealed_sale, close, played

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
NOT_HERE = "refused:proxy_not_offered"
WITH_PROXY: dict[str, Any] = {"options": {"proxy": True}}


def left(session: Session, sale: Sale, who: object, maximum: str) -> str:
    """The decision about a maximum."""
    return bid(session, who, sale, maximum, action=Action.PROXY).decision  # type: ignore[arg-type]


def again(session: Session, row: Model, **changes: object) -> str:
    """Store a copy of the row with a new id, as a race that the lock missed would; what the database said."""
    values = {column.name: getattr(row, column.name) for column in row.__table__.columns}
    try:
        with session.begin_nested():
            session.execute(insert(row.__table__).values(values | {"id": uuid.uuid4()} | changes))  # type: ignore[arg-type]
    except IntegrityError as refused:
        return str(refused.orig).casefold()
    return ""


def test_case_03_a_race_that_slips_through_the_lock_meets_a_constraint(app: Flask, clock: FixedClock) -> None:
    """A "rare" race was dismissed for years until a constraint of the database ended it.

    Amounts are not unique here: a holder of a stronger right of first refusal may match the price.
    """
    with atomic() as session:
        sale = a_sale(session)
        carol, registration = a_bidder(session, sale)
        clock.move_to(opening(sale))
        entry = bid(session, carol, sale, "100000.00", key="the-only-key")
        clock.advance(days=1)
        tick(session)
        (deal,) = session.scalars(select(Deal))
        assert "sequence" in again(session, entry, idempotency_key="another-key")
        assert "idempotency_key" in again(session, entry, sequence=2)
        assert "institution_id" in again(session, registration, alias="OTHER")
        assert "alias" in again(session, registration, institution_id=sale.bank.institution_id)
        assert "attempt" in again(session, sale.auction)
        assert "buyer_id" in again(session, deal)
        assert again(session, entry, sequence=2, idempotency_key="another-key") == ""
        session.rollback()


@on_sqlite
def test_case_05_an_equal_bid_or_maximum_never_displaces_the_leader(app: Flask, clock: FixedClock) -> None:
    """An equal bid took the lead from whoever had bid that amount first."""
    with atomic() as session:
        sale = a_sale(session, **WITH_PROXY)
        (carol, carols), (dave, _) = a_bidder(session, sale), a_bidder(session, sale)
        clock.move_to(opening(sale))
        assert bid(session, carol, sale, "100000.00").decision == "accepted"
        assert bid(session, dave, sale, "100000.00").decision == "refused:below_minimum"
        assert left(session, sale, carol, "150000.00") == "accepted"
        assert left(session, sale, dave, "150000.00") == "accepted"
        assert (sale.auction.leader_id, sale.auction.price_minor) == (carols.id, 15_000_000)


@on_sqlite
def test_case_06_a_leader_never_bids_against_itself(app: Flask, clock: FixedClock) -> None:
    """The first bid was missing from the table of maxima, and the leader's next maximum outbid it."""
    with atomic() as session:
        sale = a_sale(session, **WITH_PROXY)
        carol, carols = a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, carol, sale, "100000.00")
        for maximum in ("120000.00", "180000.00"):
            assert left(session, sale, carol, maximum) == "accepted"
            assert (sale.auction.price_minor, sale.auction.leader_id) == (10_000_000, carols.id)
        assert bid(session, carol, sale, "101000.00").decision == "refused:already_leading"
        assert (sale.auction.price_minor, sale.auction.bid_count) == (10_000_000, 1)


@on_sqlite
def test_case_07_the_price_is_one_step_above_the_runner_up(app: Flask, clock: FixedClock) -> None:
    """The price jumped to the leader's whole maximum."""
    with atomic() as session:
        sale = a_sale(session, **WITH_PROXY)
        (carol, carols), (dave, daves) = a_bidder(session, sale), a_bidder(session, sale)
        clock.move_to(opening(sale))
        left(session, sale, carol, "500000.00")
        assert sale.auction.price_minor == 10_000_000
        bid(session, dave, sale, "120000.00")
        assert (sale.auction.price_minor, sale.auction.leader_id) == (12_100_000, carols.id)
        left(session, sale, dave, "700000.00")
        assert (sale.auction.price_minor, sale.auction.leader_id) == (50_100_000, daves.id)


@on_sqlite
def test_case_09_a_maximum_is_refused_where_bids_are_sealed(app: Flask, clock: FixedClock) -> None:
    """A proxy was accepted in a sealed auction; refused here by form, API and service, and not offered."""
    with atomic() as session:
        sealed = a_sealed_sale(session)
        carol, _ = a_bidder(session, sealed.sale)
    clock.move_to(opening(sealed.sale))
    with atomic() as session:
        assert left(session, sealed.sale, carol, "150000.00") == NOT_HERE
    client, url = signed_in(app.test_client(), db.session.get_one(Person, carol.person_id)), sealed.auction_id
    form = {
        "maximum": "150000.00",
        "idempotency_key": uuid.uuid4().hex,
        "confirmed": "yes",
        "seen_price": "none",
    }
    assert client.post(f"/auctions/{url}/maximum", data=form).status_code == 422
    asked = {"action": "proxy", "amount": "150000.00", "idempotency_key": uuid.uuid4().hex}
    answer = client.post(f"/api/auctions/{url}/bids", json=asked)
    assert (answer.status_code, answer.get_json()["reason"]) == (422, "proxy_not_offered")
    page = client.get(f"/auctions/{url}").text
    assert f"/auctions/{url}/bids" in page
    assert f"/auctions/{url}/maximum" not in page
    with atomic() as session:
        assert not queries.find_auction(session, url).state.get("maxima")
        assert set(decisions(session, sealed.sale)) == {NOT_HERE}


SIZES = ("0.01", "0.10", "0.29", "1.15", "1234567.89", "8999999999.99", "9999999999.99")


def test_case_11_an_amount_is_stored_to_the_fen(app: Flask, clock: FixedClock) -> None:
    """Bids were stored as floating-point numbers, and came back as others."""
    with atomic() as session:
        sale = a_sale(session, start_price_minor=1, increment_minor=1, reference_price_minor=None)
        carol, _ = a_bidder(session, sale)
        dave, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        sent = [bid(session, (carol, dave)[turn % 2], sale, size) for turn, size in enumerate(SIZES)]
        assert decisions(session, sale) == ["accepted"] * len(SIZES)
    db.session.expire_all()
    with atomic() as session:
        kept = [session.get_one(JournalEntry, entry.id) for entry in sent]
        assert [entry.amount_minor for entry in kept] == [int(size.replace(".", "")) for size in SIZES]
        assert [decimal_text(entry.amount_minor or 0, "CNY") for entry in kept] == list(SIZES)
        assert queries.find_auction(session, sale.auction.id).price_minor == 999_999_999_999
    state = app.test_client().get(f"/api/auctions/{sale.auction.id}").get_json()
    assert state["price"] == "9999999999.99"


@given(st.integers(1, 999_999_999_999))
def test_case_11_every_amount_comes_back_as_it_went(minor: int) -> None:
    """The text of an amount and its fen say the same, from one fen to ten thousand million yuan."""
    assert parse_minor(decimal_text(minor, "CNY"), "CNY") == minor


@on_sqlite
def test_case_13_the_best_bid_wins_and_not_the_last(app: Flask, clock: FixedClock) -> None:
    """The result showed the last bid in place of the best one."""
    stage = a_stage(app, clock, reserve_minor=None)
    stage.bid(stage.carol, "177777.00", Action.PROXY)
    stage.bid(stage.dave, "130000.00")
    assert stage.bid(stage.dave, "120000.00").decision == "refused:below_minimum"
    stage.closes(clock)
    result = app.test_client().get(f"/api{stage.url}").get_json()
    assert (result["leader"], result["price"]) == (stage.alias("carol"), "131000.00")
    with atomic() as session:
        (deal,) = session.scalars(select(Deal))
        assert (deal.buyer_id, deal.price_minor) == (stage.carol.institution.id, 13_100_000)


@on_sqlite
def test_case_13_of_sealed_bids_the_best_wins_whatever_their_order(app: Flask, clock: FixedClock) -> None:
    """The same where nobody sees the amounts: a bidder's last envelope, and of all the highest."""
    sealed = played(clock)
    clock.advance(minutes=1)
    with atomic() as session:
        late, _ = a_bidder(session, sealed.sale)
        bid(session, late, sealed.sale, "100000.00")
    clock.advance(days=1)
    with atomic() as session:
        close(session, sealed)
    for officer in (sealed.bank[0], sealed.operator[0]):
        with atomic() as session:
            officer.contribute(session, sealed.auction_id)
    with atomic() as session:
        auction = queries.find_auction(session, sealed.auction_id)
        assert (auction.outcome, auction.price_minor) == (Outcome.SOLD, 65_000_000)
        winner = session.get_one(Registration, auction.leader_id)
        (deal,) = session.scalars(select(Deal))
        assert deal.buyer_id == winner.institution_id != late.institution_id
