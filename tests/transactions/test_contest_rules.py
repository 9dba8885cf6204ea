"""Who may estimate, how estimates are scored, and who leads."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Conflict, Refused
from marketplace.listings.rules import LotStatus
from marketplace.money import MINOR_LIMIT
from transactions.contest import envelopes, rules
from transactions.contest.envelopes import PLATFORM, Content, Unopenable
from transactions.contest.rules import (
    ContestReason,
    Range,
    Related,
    Sale,
    Score,
    Scored,
    Standing,
    Verdict,
)
from transactions.rules.words import AssetFamily, SaleOutcome

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ESTIMATE = Range(100, 80, 125)
AMOUNTS = st.integers(1, 10**12)
KEY = bytes(range(32))
LOT = uuid.UUID(int=9)
CONTENT = Content(str(LOT), 1, str(uuid.UUID(int=1)), "CNY", ESTIMATE, "comparables", "ab" * 32)


@pytest.mark.parametrize(
    ("status", "minutes", "is_open"),
    [
        (LotStatus.PUBLISHED, None, True),
        (LotStatus.PUBLISHED, 1, True),
        (LotStatus.PUBLISHED, 0, False),
        (LotStatus.PUBLISHED, -1, False),
        (LotStatus.RESERVED, None, False),
        (LotStatus.DRAFTED, None, False),
        (LotStatus.SOLD, None, False),
    ],
)
def test_estimates_are_taken_until_bidding_begins(
    status: LotStatus, minutes: int | None, *, is_open: bool
) -> None:
    opens_at = None if minutes is None else NOW + timedelta(minutes=minutes)
    if is_open:
        rules.check_open(status, opens_at, NOW)
        return
    with pytest.raises(Conflict):
        rules.check_open(status, opens_at, NOW)


@pytest.mark.parametrize(
    ("estimate", "field", "reason"),
    [
        (Range(0, 80, 125), "value", ContestReason.VALUE_OUT_OF_RANGE),
        (Range(100, 0, 125), "low", ContestReason.VALUE_OUT_OF_RANGE),
        (Range(100, 80, MINOR_LIMIT), "high", ContestReason.VALUE_OUT_OF_RANGE),
        (Range(100, 101, 125), "low", ContestReason.RANGE_ORDER),
        (Range(100, 80, 99), "high", ContestReason.RANGE_ORDER),
        (Range(100, 1, 1001), "high", ContestReason.RANGE_TOO_WIDE),
    ],
)
def test_a_range_that_makes_no_sense(estimate: Range, field: str, reason: ContestReason) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_range(estimate)
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_ranges_and_notes_that_are_fine() -> None:
    rules.check_range(ESTIMATE)
    rules.check_range(Range(100, 100, 100))
    assert rules.check_note(" by comparables ") == "by comparables"
    with pytest.raises(Refused):
        rules.check_note("x" * 501)


def test_parties_of_the_lot_do_not_estimate_it() -> None:
    seller, agency, bidder, other = (uuid.UUID(int=number) for number in range(4))
    related = Related(seller, frozenset({agency}), frozenset({bidder}), frozenset({"CN 1"}))
    found = [rules.standing(one, "CN 2", related) for one in (seller, agency, bidder, other)]
    assert found == [Standing.SELLER, Standing.SELLING_AGENCY, Standing.BIDDER, Standing.FREE]
    assert rules.standing(other, "CN 1", related) is Standing.TIED
    assert rules.standing(other, "", related) is Standing.FREE
    for one in found[:3]:
        with pytest.raises(Refused):
            rules.check_standing(one)
    rules.check_standing(Standing.TIED)
    rules.check_standing(Standing.FREE)


def test_the_score_of_a_sold_lot() -> None:
    hit = rules.score(ESTIMATE, Sale(SaleOutcome.SOLD, 110, 50))
    assert (hit.verdict, hit.within) == (Verdict.SCORED, True)
    assert hit.log_error == pytest.approx(log(1.1), abs=1e-6)
    assert hit.interval_score == pytest.approx(log(125 / 80), abs=1e-6)
    above = rules.score(ESTIMATE, Sale(SaleOutcome.SOLD, 250, None))
    assert above.within is False
    assert above.interval_score == pytest.approx(log(125 / 80) + 10 * log(2), abs=1e-6)
    below = rules.score(ESTIMATE, Sale(SaleOutcome.SOLD, 40, None))
    assert below.within is False
    assert below.interval_score == pytest.approx(log(125 / 80) + 10 * log(2), abs=1e-6)


def test_an_unsold_lot_only_tells_that_its_start_price_was_too_high() -> None:
    unsold = Sale(SaleOutcome.UNSOLD, None, 90)
    high = rules.score(ESTIMATE, unsold)
    assert (high.verdict, high.within) == (Verdict.TOO_HIGH, True)
    assert high.log_error == pytest.approx(log(100 / 90), abs=1e-6)
    far = rules.score(Range(1000, 900, 1100), unsold)
    assert far.within is False
    assert far.interval_score == pytest.approx(log(11 / 9) + 10 * log(10), abs=1e-6)
    for estimate, sale in (
        (Range(90, 80, 100), unsold),
        (ESTIMATE, replace(unsold, start_price=None)),
        (ESTIMATE, Sale(SaleOutcome.WITHDRAWN, None, 50)),
        (ESTIMATE, Sale(SaleOutcome.REVERSED, 100, 50)),
        (ESTIMATE, Sale(SaleOutcome.SOLD, None, 50)),
    ):
        assert rules.score(estimate, sale) == Score(Verdict.LEFT_OPEN)


@given(AMOUNTS, st.floats(0.3, 1), st.floats(1, 3), AMOUNTS)
def test_a_score_does_not_care_for_the_currency(value: int, down: float, up: float, price: int) -> None:
    estimate = Range(value * 1000, int(value * 1000 * down), int(value * 1000 * up) + 1)
    one = rules.score(estimate, Sale(SaleOutcome.SOLD, price * 1000, None))
    ten = rules.score(
        Range(estimate.value * 10, estimate.low * 10, estimate.high * 10),
        Sale(SaleOutcome.SOLD, price * 10_000, None),
    )
    assert one.log_error == pytest.approx(ten.log_error, abs=2e-6)
    assert one.interval_score == pytest.approx(ten.interval_score, abs=2e-6)
    assert one.within == (estimate.low <= price * 1000 <= estimate.high)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_nobody_gains_by_a_wider_range_than_needed(price: int, value: int) -> None:
    sale = Sale(SaleOutcome.SOLD, price * 100, None)
    low, high = min(value, price) * 100, max(value, price) * 100
    tight = rules.score(Range(value * 100, low, high), sale)
    wide = rules.score(Range(value * 100, max(1, low // 2), high * 2), sale)
    assert (tight.interval_score or 0) <= (wide.interval_score or 0)


def test_the_closest() -> None:
    scores = [Score(Verdict.SCORED, error, within=True, interval_score=1.0) for error in (0.3, 0.1, 0.1)]
    assert rules.closest([Score(Verdict.TOO_HIGH, 0.0), *scores]) == 2
    assert rules.closest([Score(Verdict.LEFT_OPEN)]) is None


def scored(
    estimator: int | None, error: float, *, days: int = 1, family: AssetFamily = AssetFamily.PATENT
) -> Scored:
    who = None if estimator is None else uuid.UUID(int=estimator)
    at = NOW - timedelta(days=days)
    return Scored(who, family, at, error, within=error < 0.5, interval_score=error * 2, closest=error < 0.2)


def test_the_league_table() -> None:
    rows = [
        *(scored(1, error / 10) for error in (1, 2, 3, 4, 9)),
        *(scored(None, 0.3) for _ in range(6)),
        *(scored(2, 0.01) for _ in range(4)),
        *(scored(3, 0.01, days=731) for _ in range(9)),
        *(scored(4, 0.05, family=AssetFamily.TRADEMARK) for _ in range(5)),
    ]
    table = rules.league(rows, NOW)
    assert [(place.rank, place.estimator and place.estimator.int) for place in table] == [
        (1, 4),
        (2, None),
        (3, 1),
    ]
    last = table[-1]
    assert (last.scored, last.median_error, last.within, last.closest) == (5, 0.3, 0.8, 1)
    assert last.interval_score == pytest.approx(0.76)
    assert [place.estimator for place in rules.league(rows, NOW, {AssetFamily.PATENT})] == [
        None,
        uuid.UUID(int=1),
    ]
    assert rules.league([], NOW) == []


def test_an_envelope_gives_back_what_was_sealed_and_nothing_else() -> None:
    commitment, sealed = envelopes.seal(KEY, CONTENT)
    assert envelopes.unseal(KEY, commitment, sealed) == CONTENT
    assert CONTENT.institution_id == uuid.UUID(int=1)
    assert replace(CONTENT, estimator=PLATFORM).institution_id is None
    assert b"comparables" not in sealed
    other, longer = envelopes.seal(KEY, replace(CONTENT, note="值" * 500))
    assert len(longer) == len(sealed)
    for key, name, envelope in (
        (bytes(32), commitment, sealed),
        (KEY, other, sealed),
        (KEY, commitment, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (KEY, commitment, b"short"),
    ):
        with pytest.raises(Unopenable):
            envelopes.unseal(key, name, envelope)
    with pytest.raises(ValueError, match="too long"):
        envelopes.seal(KEY, replace(CONTENT, note="值" * 2000))


def test_an_envelope_that_was_made_for_another_commitment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the key could lock other figures to a commitment: the commitment itself tells."""
    commitment = envelopes.commitment_of(CONTENT)
    lied = replace(CONTENT, estimate=Range(500, 400, 600))
    with monkeypatch.context() as patch:
        patch.setattr(envelopes, "commitment_of", lambda _content: commitment)
        _, sealed = envelopes.seal(KEY, lied)
    with pytest.raises(Unopenable, match="committed"):
        envelopes.unseal(KEY, commitment, sealed)


def test_a_token_is_of_one_sale_and_one_estimator() -> None:
    tokens = {
        envelopes.token(key, lot, number, estimator)
        for key in (KEY, bytes(32))
        for lot in (LOT, uuid.UUID(int=8))
        for number in (1, 2)
        for estimator in (PLATFORM, str(uuid.UUID(int=1)))
    }
    assert len(tokens) == 16
    assert len(envelopes.new_salt()) == 64
    assert len(envelopes.sealing_key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")) == 32
