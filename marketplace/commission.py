"""Commissions: a rate or a marginal table of the price, borne by seller or buyer, shared between agencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from marketplace.money import exponent, half_up


class Bearer(StrEnum):
    SELLER = "seller"
    BUYER = "buyer"


# Upper bound of each band in whole currency units (None: no bound) and the rate within the band.
Bands = tuple[tuple[int | None, Fraction], ...]

# Commission caps for appointed auction houses: 拍卖、变卖规定 (as amended 2020-12-29), article 29.
COURT_2020: Bands = (
    (2_000_000, Fraction(5, 100)),
    (10_000_000, Fraction(3, 100)),
    (50_000_000, Fraction(2, 100)),
    (100_000_000, Fraction(1, 100)),
    (None, Fraction(5, 1000)),
)

TABLES: dict[str, Bands] = {"court-2020": COURT_2020}


@dataclass(frozen=True, slots=True)
class Commission:
    """A commission on the price, or a share of another commission.

    Attributes:
        rate: fraction of the price, or of the commission named by `share_of`; None where `table` says it.
        table: a name in TABLES.
        borne_by: who pays it; a share is borne by whoever bears the whole.
        share_of: the `label` of the commission that this one is taken out of.
        least, most: bounds in minor units of a commission on the price; None for no upper one.
        name: what shares call it, where one party earns several; `to` otherwise.
    """

    to: str
    rate: Fraction | None = None
    table: str | None = None
    borne_by: Bearer | None = None
    share_of: str | None = None
    least: int = 0
    most: int | None = None
    name: str = ""

    @property
    def label(self) -> str:
        return self.name or self.to


def table_amount(price: int, bands: Bands, currency: str) -> int:
    """The commission on `price` (minor units), each band at its own rate, rounded half up once."""
    unit = 10 ** exponent(currency)
    exact, lower = Fraction(0), 0
    for bound, rate in bands:
        upper = price if bound is None else min(price, bound * unit)
        exact += rate * max(0, upper - lower)
        lower = upper
    return half_up(exact)


def commission_amount(commission: Commission, price: int, currency: str) -> int:
    """What a commission on the price comes to in minor units, before shares are taken out of it."""
    if commission.table is not None:
        amount = table_amount(price, TABLES[commission.table], currency)
    else:
        amount = half_up((commission.rate or Fraction(0)) * price)
    amount = max(amount, commission.least)
    return amount if commission.most is None else min(amount, commission.most)


def divide(paid: Sequence[int | None], commissions: Sequence[Commission]) -> list[int]:
    """What each commission keeps once its shares are taken out of it.

    Args:
        paid: for each commission on the price what was paid on it, in minor units; None for a share.
        commissions: in the same order; every `share_of` names exactly one of them, without a circle.

    A share is rounded half up and never takes more than is left, so the parts sum to what was paid.
    """
    parts = [amount or 0 for amount in paid]
    children: dict[str, list[int]] = {}
    for index, commission in enumerate(commissions):
        if commission.share_of is not None:
            children.setdefault(commission.share_of, []).append(index)
    waiting = [index for index, commission in enumerate(commissions) if commission.share_of is None]
    while waiting:
        index = waiting.pop(0)
        whole = parts[index]
        # Two commissions may go to one party; validation made sure that none of those is shared.
        for child in children.get(commissions[index].label, []):
            parts[child] = min(half_up((commissions[child].rate or Fraction(0)) * whole), parts[index])
            parts[index] -= parts[child]
            waiting.append(child)
    return parts


def bearer(commission: Commission, commissions: Sequence[Commission]) -> Bearer:
    """Who bears a commission; for a share, who bears the commission it is taken out of."""
    while commission.share_of is not None:
        commission = next(other for other in commissions if other.label == commission.share_of)
    return commission.borne_by or Bearer.SELLER


def buyer_borne(commissions: Sequence[Commission], price: int, currency: str) -> int:
    """What the buyer pays on top of the price, in minor units."""
    return sum(
        commission_amount(commission, price, currency)
        for commission in commissions
        if commission.share_of is None and commission.borne_by is Bearer.BUYER
    )
