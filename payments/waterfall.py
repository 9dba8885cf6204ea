"""Who gets what from a sale: costs, commissions, claims by rank, surplus (Civil Code 389, 414, 438)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from marketplace.commission import Bearer, Commission, bearer, buyer_borne, commission_amount, divide
from marketplace.money import split

# Parties and their amounts in minor units; a party with nothing is not in it.
Amounts = dict[str, int]


class Step(StrEnum):
    """The steps of the waterfall, in order of payment."""

    BUYER_TAX = "buyer_tax"
    """Value added tax that the buyer paid beside the price; goes to whoever declares it."""
    BUYER_COMMISSION = "buyer_commission"
    COST = "cost"
    COMMISSION = "commission"
    PRICE_GAP = "price_gap"
    CLAIM = "claim"
    SURPLUS = "surplus"


@dataclass(frozen=True, slots=True)
class Cost:
    to: str
    kind: str
    amount: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A secured claim; rank 1 is paid first."""

    creditor: str
    rank: int
    amount: int


@dataclass(frozen=True, slots=True)
class RiskShare:
    party: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Sale:
    """What a sale brought in and who has a claim on it. Amounts are minor units of `currency`.

    Attributes:
        risk_sharing: who makes up for the unpaid remainder of the rank-1 claims, and in which shares.
    """

    currency: str
    price: int
    costs: tuple[Cost, ...]
    commissions: tuple[Commission, ...]
    claims: tuple[Claim, ...]
    surplus_to: str
    risk_sharing: tuple[RiskShare, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a settlement statement: what a party was owed in a step, and what it gets."""

    step: Step
    party: str
    due: int
    paid: int
    rank: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """The answer of the waterfall.

    Attributes:
        received: price and buyer-borne commissions; the lines' `paid` sum to it.
        compensation: shares of the rank-1 remainder by the risk-sharing agreement; paid outside the sale.
    """

    received: int
    lines: tuple[Line, ...]
    compensation: Amounts

    @property
    def payouts(self) -> Amounts:
        """What each party gets in all."""
        return add_up((line.party, line.paid) for line in self.lines)

    @property
    def unpaid(self) -> Amounts:
        """What remains of each creditor's claims."""
        return add_up((line.party, line.due - line.paid) for line in self.lines if line.step is Step.CLAIM)


def settle_sale(sale: Sale) -> Distribution:
    """Distribute what a sale brought in, to the minor unit."""
    costs = pay_costs(sale.costs, sale.price)
    left = sale.price - paid_in(costs)
    commissions = _pay_commissions(sale, left)
    left -= sum(line.paid for line in commissions if line.step is Step.COMMISSION)
    claims = pay_claims(sale.claims, left)
    left -= paid_in(claims)
    lines = (*costs, *commissions, *claims, Line(Step.SURPLUS, sale.surplus_to, left, left))
    received = sale.price + buyer_borne(sale.commissions, sale.price, sale.currency)
    return Distribution(received, lines, compensate(_unpaid_first(claims), sale.risk_sharing))


def pay_costs(costs: Sequence[Cost], available: int) -> tuple[Line, ...]:
    """Pay costs in the listed order until the money ends."""
    lines = []
    for cost in costs:
        paid = min(cost.amount, available)
        available -= paid
        lines.append(Line(Step.COST, cost.to, cost.amount, paid, kind=cost.kind))
    return tuple(lines)


def pay_claims(claims: Sequence[Claim], available: int) -> tuple[Line, ...]:
    """Pay claims by rank, equal rank in proportion by largest remainder (Civil Code 414, 415)."""
    lines: list[Line] = []
    for _, group in groupby(sorted(claims, key=lambda claim: claim.rank), key=lambda claim: claim.rank):
        equals = list(group)
        owed = sum(claim.amount for claim in equals)
        paid = min(owed, available)
        parts = split(paid, [claim.amount for claim in equals]) if owed else [0] * len(equals)
        available -= paid
        lines += [
            Line(Step.CLAIM, claim.creditor, claim.amount, part, rank=claim.rank)
            for claim, part in zip(equals, parts, strict=True)
        ]
    return tuple(lines)


def _pay_commissions(sale: Sale, available: int) -> tuple[Line, ...]:
    """Seller-borne ones in listed order until the money ends; buyer-borne ones never touch the proceeds."""
    due: list[int | None] = []
    paid: list[int | None] = []
    for commission in sale.commissions:
        if commission.share_of is not None:
            due.append(None)
            paid.append(None)
            continue
        amount = commission_amount(commission, sale.price, sale.currency)
        due.append(amount)
        if commission.borne_by is Bearer.SELLER:
            amount = min(amount, available)
            available -= amount
        paid.append(amount)
    kept = zip(sale.commissions, divide(due, sale.commissions), divide(paid, sale.commissions), strict=True)
    return tuple(
        Line(_commission_step(commission, sale.commissions), commission.to, owed, part)
        for commission, owed, part in kept
    )


def _commission_step(commission: Commission, commissions: Sequence[Commission]) -> Step:
    borne_by_buyer = bearer(commission, commissions) is Bearer.BUYER
    return Step.BUYER_COMMISSION if borne_by_buyer else Step.COMMISSION


def _unpaid_first(claims: Sequence[Line]) -> int:
    return sum(line.due - line.paid for line in claims if line.rank == 1)


def compensate(remainder: int, sharing: Sequence[RiskShare]) -> Amounts:
    """Share the unpaid remainder of the rank-1 claims; what the shares leave open nobody makes up for."""
    if not sharing or not remainder:
        return {}
    open_share = 1 - sum((entry.share for entry in sharing), Fraction(0))
    parts = split(remainder, [*(entry.share for entry in sharing), open_share])
    return add_up((entry.party, part) for entry, part in zip(sharing, parts, strict=False))


def paid_in(lines: Iterable[Line]) -> int:
    """The sum of what the lines pay."""
    return sum(line.paid for line in lines)


def add_up(amounts: Iterable[tuple[str, int]]) -> Amounts:
    """The sum for each party, in the order of first mention; parties with nothing are left out."""
    total: Amounts = {}
    for party, amount in amounts:
        total[party] = total.get(party, 0) + amount
    return {party: amount for party, amount in total.items() if amount}
