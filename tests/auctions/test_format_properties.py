"""Every format against a naive second auction, at random; and proof that each comparison can go red."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from soak import examples

from auctions.formats import FORMATS, english_rounds, falling, hybrid_dutch, sale_off, sealed
from auctions.formats.english import English
from auctions.rules import Pricing

from .format_machines import STEPS
from .machines_by_format import MACHINES

# 150 auctions of up to 40 steps per format: above 10,000 decisions together, in a soak twenty times as many.
USUAL = settings(
    max_examples=examples(150),
    stateful_step_count=40,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
QUICK = settings(USUAL, max_examples=400, phases=[Phase.generate], print_blob=False)


@pytest.mark.parametrize("name", MACHINES)
def test_a_format_agrees_with_a_naive_one(name: str) -> None:
    before = STEPS[name]
    run_state_machine_as_test(MACHINES[name], settings=USUAL)
    assert STEPS[name] - before >= examples(2000), "too few decisions were compared"


def _order_downwards(state: Any) -> tuple[str, ...]:
    return tuple(sorted(state.standing, key=lambda name: -state.standing[name].amount))


def _own_amount(terms: Any, state: Any) -> int:
    assert terms.options.pricing is Pricing.SECOND
    return int(state.standing[state.winner].amount)


def _steps_late(terms: Any, state: Any, now: Any) -> int:
    passed = falling.own_time(state, now) - terms.opens_at
    return int(passed.total_seconds() - 0.000001) // int(terms.options.clock.interval_seconds)


FAULTS = {
    "english_rounds": (english_rounds, "_speaking_order", _order_downwards),
    "dutch": (falling, "steps_by", _steps_late),
    "hybrid_dutch": (
        hybrid_dutch,
        "_best_sealed",
        lambda state, taken: min(set(state.standing) - {taken.by}),
    ),
    "sealed": (sealed, "second_price", _own_amount),
    "sale_off": (sale_off.SaleOff, "place", English.place),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, broken = FAULTS[name]
    monkeypatch.setattr(where, what, broken)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(MACHINES[name], settings=QUICK)


def test_every_format_has_its_machine_and_its_fault() -> None:
    assert set(FAULTS) == set(MACHINES) == set(FORMATS) - {"english"}
