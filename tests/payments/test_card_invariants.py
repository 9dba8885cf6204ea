"""Each check of cards speaks when its fault is planted, and is silent otherwise; the rules by examples."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from stripe_fake import StripeFake

from marketplace import clock as clocks
from marketplace.clock import FixedClock
from marketplace.db import atomic
from payments.cards import invariants
from payments.cards.models import SavedCard
from payments.cards.rules import CardStatus, has_expired, placed_at, renewed_at, to_capture
from payments.models import Deposit

from .card_scene import SAVED, gateways, held_on_card
from .scene import open_auction


def unname(session: Session) -> None:
    session.scalars(select(SavedCard)).one().payment_method = ""


def fail_a_named_card(session: Session) -> None:
    session.scalars(select(SavedCard)).one().status = CardStatus.FAILED


def forget_the_card(session: Session) -> None:
    session.scalars(select(SavedCard)).one().status = CardStatus.REMOVED


def forget_the_hold(session: Session) -> None:
    session.scalars(select(Deposit)).one().gateway_object = ""


def let_it_run_out(session: Session) -> None:
    session.scalars(select(Deposit)).one().hold_expires_at = clocks.now() - timedelta(hours=2)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (unname, invariants.cards_without_a_name),
        (fail_a_named_card, invariants.cards_without_a_name),
        (forget_the_card, invariants.deposits_on_other_cards),
        (forget_the_hold, invariants.holds_unknown_to_the_gateway),
        (let_it_run_out, invariants.holds_run_out_unnoticed),
    ],
)
def test_a_planted_fault_is_told(
    app: Flask, clock: FixedClock, fake: StripeFake, fault: Callable[[Session], None],
    check: Callable[[Session], list[str]],
) -> None:  # fmt: skip
    scene, _, _ = held_on_card(gateways(fake, SAVED))
    open_auction(scene, clock)
    with atomic() as session:
        assert [problem for _, question in invariants.CHECKS for problem in question(session)] == []
        fault(session)
        session.flush()
        assert check(session) != []


OPENS = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)


def test_a_hold_is_placed_and_renewed_a_day_before() -> None:
    assert placed_at(OPENS) == datetime(2026, 3, 19, 2, 0, tzinfo=UTC)
    assert renewed_at(OPENS) == datetime(2026, 3, 19, 2, 0, tzinfo=UTC)


@given(held=st.integers(1, 99_999_999), price=st.integers(1, 10**12))
def test_never_more_than_the_price_nor_than_is_held_is_taken(held: int, price: int) -> None:
    assert to_capture(held, price) in {held, price}
    assert to_capture(held, price) <= held
    assert to_capture(held, price) <= price


@pytest.mark.parametrize(
    ("expiry", "expired"),
    [(None, False), ((3, 2026), False), ((2, 2026), True), ((12, 2025), True), ((1, 2027), False)],
)
def test_a_card_is_good_to_the_end_of_its_month(expiry: tuple[int, int] | None, expired: bool) -> None:  # noqa: FBT001
    assert has_expired(expiry, OPENS) is expired
