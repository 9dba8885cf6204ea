"""Fixed steps of filters: how many rights, how high a price."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """From `least` to `most`, both within; `most` is None for the open end. `unit` is what they count."""

    least: int
    most: int | None

    def holds(self, number: int) -> bool:
        return self.least <= number and (self.most is None or number <= self.most)


# Numbers of rights in a lot; the steps of the reference's size bands.
SIZES: Mapping[str, Band] = {
    "1": Band(1, 1),
    "2-5": Band(2, 5),
    "6-20": Band(6, 20),
    "21-100": Band(21, 100),
    "101-": Band(101, None),
}

# Prices in whole units of their currency, each ten times the one before.
PRICES: Mapping[str, Band] = {
    "0-1e4": Band(0, 10**4),
    "1e4-1e5": Band(10**4, 10**5),
    "1e5-1e6": Band(10**5, 10**6),
    "1e6-1e7": Band(10**6, 10**7),
    "1e7-": Band(10**7, None),
}


def size_name(number: int | None) -> str:
    """The name of the band in SIZES; empty where the number is not known."""
    return next((name for name, band in SIZES.items() if number is not None and band.holds(number)), "")
