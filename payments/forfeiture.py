"""What a forfeited deposit pays when the winner does not: 法释〔2016〕18号 article 24, 拍卖法 article 39."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.commission import Commission, commission_amount, divide
from payments.waterfall import Amounts, Claim, Cost, Line, Step, add_up, paid_in, pay_claims, pay_costs

# The names under which a forfeited deposit's payouts are listed beside the creditors.
COSTS, PRICE_GAP, SURPLUS, COMMISSIONS = "costs", "price_gap", "surplus", "commissions"


@dataclass(frozen=True, slots=True)
class Default:
    """A sale that failed because the winner did not pay. Amounts are minor units of `currency`.

    Attributes:
        price: of the failed sale.
        costs: of the new sale.
        re_auction_price: what the new sale brought.
        pursue_shortfall: whether the gap that the deposit leaves open may be claimed from the defaulter
            (拍卖、变卖规定 article 22); the online rule keeps the deposit and is silent, so the pack decides.
        commissions: of the failed sale, both sides', where it is commercial (拍卖法 article 39).
    """

    currency: str
    price: int
    deposit: int
    costs: tuple[Cost, ...]
    re_auction_price: int
    claims: tuple[Claim, ...]
    pursue_shortfall: bool
    commissions: tuple[Cost, ...] = ()


@dataclass(frozen=True, slots=True)
class Forfeiture:
    """Where the deposit goes; the lines' `paid` sum to the deposit.

    Attributes:
        gap_left: the part of the price gap that the deposit does not cover.
        commissions_left: the part of both sides' commissions that it does not cover.
        pursuable: what of both may be claimed from the defaulter.
    """

    lines: tuple[Line, ...]
    gap_left: int
    commissions_left: int
    pursuable: int

    @property
    def payouts(self) -> Amounts:
        """Sums under `costs`, `price_gap`, each creditor, and `surplus`."""
        return add_up((COSTS if line.step is Step.COST else line.party, line.paid) for line in self.lines)

    @property
    def unpaid(self) -> Amounts:
        return add_up([(PRICE_GAP, self.gap_left), (COMMISSIONS, self.commissions_left)])

    @property
    def gap_paid(self) -> int:
        """What of the deposit stands in for the missing part of the price."""
        return paid_in(line for line in self.lines if line.step is Step.PRICE_GAP)


def settle_default(default: Default) -> Forfeiture:
    """Pay costs, commissions, the gap between old and new price, debts by rank; the rest is the pledgor's."""
    costs = pay_costs(default.costs, default.deposit)
    left = default.deposit - paid_in(costs)
    commissions = _pay_commissions(default.commissions, left)
    left -= paid_in(commissions)
    commissions_left = sum(line.due - line.paid for line in commissions)
    gap = max(0, default.price - default.re_auction_price)
    gap_line = Line(Step.PRICE_GAP, PRICE_GAP, gap, min(gap, left))
    left -= gap_line.paid
    claims = pay_claims(default.claims, left)
    left -= paid_in(claims)
    gap_left = gap - gap_line.paid
    return Forfeiture(
        (*costs, *commissions, gap_line, *claims, Line(Step.SURPLUS, SURPLUS, left, left)),
        gap_left,
        commissions_left,
        gap_left + commissions_left if default.pursue_shortfall else 0,
    )


def both_commissions(commissions: Sequence[Commission], price: int, currency: str) -> tuple[Cost, ...]:
    """What each agency and the platform would have earned from the failed sale, from either side."""
    due = [
        None if one.share_of is not None else commission_amount(one, price, currency) for one in commissions
    ]
    kept = divide(due, commissions)
    return tuple(
        Cost(one.to, "commission", part) for one, part in zip(commissions, kept, strict=True) if part
    )


def _pay_commissions(commissions: Sequence[Cost], available: int) -> tuple[Line, ...]:
    return tuple(replace(line, step=Step.COMMISSION, kind="") for line in pay_costs(commissions, available))
