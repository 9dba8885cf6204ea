"""How an auction stands for one reader: may I bid, do I lead, have I won. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from auctions.live.stage import ENDED, Stage
from marketplace.money import half_up


class Mine(StrEnum):
    """How a reader stands.

    `STRANGER` has not signed in; `WATCHING` never may bid (seller, operator, regulator); `BID_IN`: has bid
    while amounts are hidden, so that nobody can know who leads.
    """

    STRANGER = "stranger"
    WATCHING = "watching"
    NOT_REGISTERED = "not_registered"
    NOT_ADMITTED = "not_admitted"
    WAITING_FOR_DEPOSIT = "waiting_for_deposit"
    BARRED = "barred"
    READY = "ready"
    LEADING = "leading"
    OUTBID = "outbid"
    BID_IN = "bid_in"
    WON = "won"
    LOST = "lost"
    NO_SALE = "no_sale"


# Those whom the rules let bid while the auction is live.
MAY_BID = frozenset({Mine.READY, Mine.LEADING, Mine.OUTBID, Mine.BID_IN})


@dataclass(frozen=True, slots=True)
class Place:
    """One bidder's registration and what came of it so far."""

    admitted: bool
    barred: bool
    deposit_held: bool
    leads: bool
    has_bid: bool
    hidden: bool = False


def standing(place: Place, stage: Stage) -> Mine:
    """The state in one word; asked in the order in which the rules ask: admission before price."""
    if stage in ENDED:
        return _result(place, stage)
    if place.barred:
        return Mine.BARRED
    if not place.admitted:
        return Mine.NOT_ADMITTED
    if not place.deposit_held:
        return Mine.WAITING_FOR_DEPOSIT
    if place.leads:
        return Mine.LEADING
    sent = Mine.BID_IN if place.hidden else Mine.OUTBID
    return sent if place.has_bid else Mine.READY


def _result(place: Place, stage: Stage) -> Mine:
    if stage is not Stage.SOLD:
        return Mine.NO_SALE
    return Mine.WON if place.leads else Mine.LOST


@dataclass(frozen=True, slots=True)
class Cost:
    """What winning at a price would cost, in minor units.

    Attributes:
        commission: of the agency that bids for the buyer, borne by the buyer.
        duty: the stamp duty the rule pack lets one expect, of both sides where the buyer bears both; paid to
            the tax office, not through the platform.
        tax: the value added tax on the price, where the lot says that the buyer bears it.
        premium: the platform's commission that the buyer bears, as fixed when the lot was published.
        total: everything together.
        due: what remains to be paid through the platform once the deposit is counted towards the price.
    """

    price: int
    commission: int
    deposit: int
    duty: int = 0
    tax: int = 0
    premium: int = 0

    @property
    def total(self) -> int:
        return self.price + self.premium + self.commission + self.duty + self.tax

    @property
    def due(self) -> int:
        return max(self.price + self.premium + self.commission + self.tax - self.deposit, 0)


def all_in(
    price: int,
    deposit: int,
    commission_basis_points: int | None,
    duty_basis_points: int = 0,
    tax_basis_points: int = 0,
    *,
    premium: int = 0,
) -> Cost:
    """The cost of winning at `price`; commission, duty and tax are each rounded half up to the minor unit.

    `premium` is what the platform takes from the buyer at this price, in minor units.
    """
    return Cost(
        price=price,
        commission=_share(price, commission_basis_points or 0),
        deposit=deposit,
        duty=_share(price, duty_basis_points),
        tax=_share(price, tax_basis_points),
        premium=premium,
    )


def _share(price: int, basis_points: int) -> int:
    return half_up(Fraction(price * basis_points, 10_000))
