"""A backtest as lines for a terminal. Pure."""

from typing import Any

from transactions.backtest.service import Result
from transactions.hedonics.method import LEAST_PRICED

_NOTES = {
    "leave_one_out": "few data: each lot was estimated from all the others, whatever their date",
    "every_grade": "few data: records told by the press or by a party (grade D) are counted too",
}
_ROWS = (
    ("the model", ""),
    ("class median x count", "class_median"),
    ("asking price x 0.65", "asking"),
    ("challenger (boosting)", "challenger"),
)


def text_of(result: Result, source: str) -> str:
    """The figures, those of the other estimates, and the targets that were missed."""
    lines = [_heading(result, source), *(_NOTES[note] for note in result.notes)]
    if not result.scored:
        few = f"too few to test: {result.priced} priced lots, at least {LEAST_PRICED} are needed"
        return "\n".join([*lines, few])
    lines.append(f"{'':24}{'lots':>6}{'MdAPE':>8}{'PPE20':>8}{'in 50%':>8}{'ratio':>8}{'COD':>8}{'PRD':>7}")
    lines += [_row(name, result.figures[key] if key else result.figures) for name, key in _ROWS]
    lines += [_ranges(result.figures), _chances(result.figures.get("sale_chance"))]
    for miss in result.missed:
        bounds = (
            f"at least {miss.target.least}" if miss.target.most is None else f"at most {miss.target.most}"
        )
        if None not in {miss.target.least, miss.target.most}:
            bounds = f"{miss.target.least} to {miss.target.most}"
        lines.append(f"falls short: {miss.target.figure} is {miss.value}, target {bounds}")
    return "\n".join([*lines, "accepted" if result.accepted else "not accepted"])


def _heading(result: Result, source: str) -> str:
    since = f", lots from {result.test_from} on" if result.test_from else ""
    return f"{source}: {result.priced} priced lots in {result.currency}{since}"


def _row(name: str, errors: dict[str, Any] | None) -> str:
    if not errors or "mdape" not in errors:
        return f"{name:24}{'-':>6}"
    return (
        f"{name:24}{errors['lots']:>6}{errors['mdape']:>8.1%}{errors['ppe20']:>8.1%}"
        f"{errors['within_50']:>8.1%}{errors['median_ratio']:>8.3f}{errors['cod']:>8.1f}{errors['prd']:>7.2f}"
    )


def _ranges(figures: dict[str, Any]) -> str:
    return (
        f"80 % range: covers {figures['coverage_80']:.1%}, high to low {figures['width_80']:.2f}; "
        f"50 % range: covers {figures['coverage_50']:.1%}, high to low {figures['width_50']:.2f}"
    )


def _chances(chances: dict[str, Any] | None) -> str:
    if not chances:
        return "chance of sale: no lots with a start price to learn from"
    return (
        f"chance of sale given the start price, {chances['offered']} lots: Brier {chances['brier']:.3f}, "
        f"skill {chances['skill']:.3f}, off by {chances['reliability']:.3f} on average"
    )
