"""A fitted price model as plain numbers, in and out of JSON; its version is the digest of them. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

# Everything that is kept is rounded, so that one fit has one spelling on every machine.
PLACES = 6


@dataclass(frozen=True, slots=True)
class Terms:
    """A sum of terms that makes the logarithm of an amount, in whole units of the model's currency.

    Attributes:
        measures: a standard deviation of the measure is worth this much. unknown: what it is worth that the
            measure is unknown. steps: the level from this quarter on, against that of the first quarter.
    """

    constant: float
    measures: Mapping[str, float] = field(default_factory=dict)
    unknown: Mapping[str, float] = field(default_factory=dict)
    marks: Mapping[str, float] = field(default_factory=dict)
    groups: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance that a lot sells: the logistic of constant + slope · z + marks.

    z is how many standard deviations the top bid to be expected lies above the start price.

    Attributes:
        learned: False where too few lots had a start price; the curve is then the normal one.
    """

    constant: float = 0.0
    slope: float = 1.702
    marks: Mapping[str, float] = field(default_factory=dict)
    learned: bool = False


@dataclass(frozen=True)
class HedonicModel:
    """Everything a prediction needs.

    Attributes:
        cut_off: date of the latest lot it was fitted to. priced, unsold: how many there were of either kind.
        price: makes the expected log top bid. start: makes the log start price that is usual for such a lot.
        signal: how far the top bid follows a start price above or below the usual one: whoever sets it knows
            more of the lot than the model. start_spread: standard deviation of the start prices around it.
        sigma: standard deviation of the log top bid once the start price is known.
        means, spreads: of each measure. lots: how many lots each group rests on.
        errors: standard errors of the terms of `price`, by `kind:name`.
        scores: by type of right, "" for all: sorted residuals of sold lots outside the fold they were
            estimated from, in units of difficulty.
        penalties: as chosen by cross-validation: terms, groups, steps.
        family: of the rights it was fitted to, a word of `AssetFamily`; it says nothing of others.
    """

    method: str
    currency: str
    cut_off: date
    data_digest: str
    priced: int
    unsold: int
    price: Terms
    start: Terms
    signal: float
    start_spread: float
    sigma: float
    means: Mapping[str, float]
    spreads: Mapping[str, float]
    lots: Mapping[str, int]
    errors: Mapping[str, float]
    scores: Mapping[str, tuple[float, ...]]
    penalties: Mapping[str, float]
    chance: Chance
    family: str = "patent"

    def to_json(self) -> dict[str, Any]:
        """As a JSON object; `from_json` reads it back."""
        return {one.name: getattr(self, one.name) for one in fields(self)} | {
            "cut_off": self.cut_off.isoformat(),
            "price": asdict(self.price),
            "start": asdict(self.start),
            "chance": asdict(self.chance),
            "scores": {name: list(scores) for name, scores in self.scores.items()},
        }

    @cached_property
    def version(self) -> str:
        """SHA-256 of the model's JSON: the same records and the same method have the same version."""
        return digest(self.to_json())


def digest(value: Any) -> str:
    """SHA-256 of the value as JSON with sorted keys; its floats are rounded, so each has one spelling."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(document: Mapping[str, Any]) -> HedonicModel:
    """Read what `to_json` wrote.

    Raises:
        TypeError: when a part is missing or is not known.
    """
    return HedonicModel(
        **{
            **document,
            "cut_off": date.fromisoformat(document["cut_off"]),
            "price": Terms(**document["price"]),
            "start": Terms(**document["start"]),
            "chance": Chance(**document["chance"]),
            "scores": {name: tuple(scores) for name, scores in document["scores"].items()},
        }
    )
