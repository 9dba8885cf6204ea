from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.deals.rules import (
    DEAL_MOVES,
    LONGEST_MANDATE,
    LONGEST_OFFER,
    MANDATE_MOVES,
    MOST_COMMISSION_BASIS_POINTS,
    OFFER_MOVES,
    STEPS,
    DealReason,
    DealStatus,
    MandateStatus,
    OfferStatus,
    TransferStep,
    check_mandate_terms,
    check_offer_open,
    check_offer_terms,
    check_step,
    in_force,
    next_step,
)
from marketplace.errors import Conflict, Refused
from marketplace.status import StatusReason, terminal

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def test_every_status_has_its_moves() -> None:
    assert set(MANDATE_MOVES) == set(MandateStatus)
    assert set(OFFER_MOVES) == set(OfferStatus)
    assert set(DEAL_MOVES) == set(DealStatus)
    assert terminal(DEAL_MOVES) == {DealStatus.COMPLETED, DealStatus.DEFAULTED, DealStatus.RESCINDED}


def test_steps_follow_one_another_while_the_money_is_held() -> None:
    assert [next_step(STEPS[:count]) for count in range(4)] == [*STEPS, None]
    for count, step in enumerate(STEPS):
        check_step(DealStatus.PAID, STEPS[:count], step)
        with pytest.raises(Conflict, match=DealReason.STEP_ALREADY_RECORDED):
            check_step(DealStatus.PAID, STEPS[: count + 1], step)
        with pytest.raises(Refused, match=DealReason.NOT_PAID):
            check_step(DealStatus.AGREED, STEPS[:count], step)
    with pytest.raises(Refused, match=DealReason.STEP_OUT_OF_ORDER):
        check_step(DealStatus.PAID, [], TransferStep.RECORDAL_FILED)


def test_a_mandate_lasts_through_its_last_day() -> None:
    assert in_force(MandateStatus.ACCEPTED, TODAY, today=TODAY)
    assert not in_force(MandateStatus.ACCEPTED, TODAY - timedelta(days=1), today=TODAY)
    assert not in_force(MandateStatus.PROPOSED, TODAY, today=TODAY)


def test_the_least_and_the_most_a_mandate_may_say() -> None:
    check_mandate_terms(1, TODAY, today=TODAY)
    check_mandate_terms(MOST_COMMISSION_BASIS_POINTS, TODAY + LONGEST_MANDATE, today=TODAY)
    for points, until in ((0, TODAY), (MOST_COMMISSION_BASIS_POINTS + 1, TODAY)):
        with pytest.raises(Refused, match=DealReason.COMMISSION_OUT_OF_RANGE):
            check_mandate_terms(points, until, today=TODAY)
    with pytest.raises(Refused, match=DealReason.MANDATE_ENDS_TOO_SOON):
        check_mandate_terms(1, TODAY - timedelta(days=1), today=TODAY)
    with pytest.raises(Refused, match=DealReason.MANDATE_ENDS_TOO_LATE):
        check_mandate_terms(1, TODAY + LONGEST_MANDATE + timedelta(days=1), today=TODAY)


def test_the_least_and_the_most_an_offer_may_say() -> None:
    check_offer_terms(1, NOW + timedelta(microseconds=1), now=NOW)
    check_offer_terms(1, NOW + LONGEST_OFFER, now=NOW)
    with pytest.raises(Refused, match=DealReason.PRICE_NOT_POSITIVE):
        check_offer_terms(0, NOW + LONGEST_OFFER, now=NOW)
    for end in (NOW, NOW + LONGEST_OFFER + timedelta(microseconds=1)):
        with pytest.raises(Refused, match=DealReason.OFFER_EXPIRY_OUT_OF_RANGE):
            check_offer_terms(1, end, now=NOW)


def test_an_offer_is_answered_before_it_ends() -> None:
    check_offer_open(OfferStatus.MADE, OfferStatus.ACCEPTED, NOW + timedelta(microseconds=1), now=NOW)
    with pytest.raises(Conflict, match=DealReason.OFFER_EXPIRED):
        check_offer_open(OfferStatus.MADE, OfferStatus.ACCEPTED, NOW, now=NOW)
    with pytest.raises(Conflict, match=StatusReason.MOVE_NOT_ALLOWED):
        check_offer_open(OfferStatus.REFUSED, OfferStatus.ACCEPTED, NOW, now=NOW)
