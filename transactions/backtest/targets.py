"""What a backtest has to reach to be accepted (reference: back-test and targets, column "accept"). Pure.

The estimate has to beat the median by class. It is shown beside the seller's asking price but need not beat
it: a lot sells at or above a start price that is cut from that same asking price, so among sold lots the
asking price has been told something that an estimate before the listing cannot know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Coverage of fewer sold lots than this is left to chance.
LEAST_FOR_COVERAGE = 100


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and the least and most it may be."""

    figure: str
    least: float | None
    most: float | None

    def missed(self, value: float) -> bool:
        """Whether the value lies outside."""
        return (self.least is not None and value < self.least) or (
            self.most is not None and value > self.most
        )


TARGETS = (
    Target("mdape", None, 0.60),
    Target("ppe20", 0.16, None),
    Target("within_50", 0.42, None),
    Target("median_ratio", 0.85, 1.15),
    Target("slope", -0.15, 0.15),
    Target("coverage_80", 0.74, 0.88),
    Target("width_80", None, 12.0),
)
SKILL = Target("skill", 0.0, None)
BASELINE = Target("mdape_to_class_median", None, 0.9)


@dataclass(frozen=True, slots=True)
class Miss:
    """A target that was not reached. value: None where there was nothing to measure."""

    target: Target
    value: float | None


def misses(figures: Mapping[str, Any]) -> tuple[Miss, ...]:
    """The targets that these figures, as `figures.figures_of` makes them, do not reach."""
    few = figures.get("lots", 0) < LEAST_FOR_COVERAGE
    found = [
        Miss(target, figures.get(target.figure))
        for target in TARGETS
        if not (few and target.figure == "coverage_80")
        and (figures.get(target.figure) is None or target.missed(figures[target.figure]))
    ]
    chances, other = figures.get("sale_chance"), figures.get("class_median")
    if chances and SKILL.missed(chances["skill"]):
        found.append(Miss(SKILL, chances["skill"]))
    if other and figures.get("mdape") is not None:
        share = figures["mdape"] / other["mdape"] if other["mdape"] else float("inf")
        if BASELINE.missed(share):
            found.append(Miss(BASELINE, round(share, 4)))
    return tuple(found)
