"""What a forfeited deposit pays when the winner does not: 法释〔2016〕18号 article 24."""

from dataclasses import dataclass

from payments.waterfall import Amounts, Claim, Cost, Line, Step, add_up, paid_in, pay_claims, pay_costs

# The names under which a forfeited deposit's payouts are listed beside the creditors.
COSTS, PRICE_GAP, SURPLUS = "costs", "price_gap", "surplus"


@dataclass(frozen=True, slots=True)
class Default:
    """A sale that failed because the winner did not pay. Amounts are minor units of `currency`.

    Attributes:
        price: of the failed sale.
        costs: of the new sale.
        re_auction_price: what the new sale brought.
        pursue_shortfall: whether the gap that the deposit leaves open may be claimed from the defaulter
            (拍卖、变卖规定 article 22); the online rule keeps the deposit and is silent, so the pack decides.
    """

    currency: str
    price: int
    deposit: int
    costs: tuple[Cost, ...]
    re_auction_price: int
    claims: tuple[Claim, ...]
    pursue_shortfall: bool


@dataclass(frozen=True, slots=True)
class Forfeiture:
    """Where the deposit goes; the lines' `paid` sum to the deposit.

    Attributes:
        gap_left: the part of the price gap that the deposit does not cover.
        pursuable: the part of it that may be claimed from the defaulter.
    """

    lines: tuple[Line, ...]
    gap_left: int
    pursuable: int

    @property
    def payouts(self) -> Amounts:
        """Sums under `costs`, `price_gap`, each creditor, and `surplus`."""
        return add_up((COSTS if line.step is Step.COST else line.party, line.paid) for line in self.lines)

    @property
    def unpaid(self) -> Amounts:
        return add_up([(PRICE_GAP, self.gap_left)])


def settle_default(default: Default) -> Forfeiture:
    """Pay the costs, the gap between old and new price, the debts by rank; the rest is the pledgor's."""
    costs = pay_costs(default.costs, default.deposit)
    left = default.deposit - paid_in(costs)
    gap = max(0, default.price - default.re_auction_price)
    gap_line = Line(Step.PRICE_GAP, PRICE_GAP, gap, min(gap, left))
    left -= gap_line.paid
    claims = pay_claims(default.claims, left)
    left -= paid_in(claims)
    gap_left = gap - gap_line.paid
    return Forfeiture(
        (*costs, gap_line, *claims, Line(Step.SURPLUS, SURPLUS, left, left)),
        gap_left,
        gap_left if default.pursue_shortfall else 0,
    )
