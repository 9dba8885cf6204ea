"""Distributing a forfeited deposit, with the next sale or by itself, and a shortfall that is paid later."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from marketplace import rule_packs
from marketplace.deals.models import Deal
from marketplace.rule_packs import Forfeiture as Order
from payments import queries
from payments.forfeiture import Default, Forfeiture, both_commissions, settle_default
from payments.models import Deposit, Settlement
from payments.rules import PayoutKind
from payments.service import claims
from payments.service.distributing import settle
from payments.service.outcomes import at_stake
from payments.waterfall import Claim, Cost, Distribution, Line, Step, paid_in, pay_claims, pay_costs

# A surplus line of this kind is a part of the gap that no creditor needs any more.
GAP = "price_gap"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a forfeited deposit will pay; nothing is written yet.

    Attributes:
        unpaid: the claims that are still unpaid after it.
    """

    deal: Deal
    distribution: Distribution
    forfeiture: Forfeiture
    unpaid: tuple[Claim, ...]


def plan_with_resale(
    session: Session, deposit: Deposit, costs: tuple[Cost, ...], unpaid: tuple[Claim, ...]
) -> Plan:
    """What the deposit pays now that the lot is sold again.

    The part that closes the price gap stands in for proceeds, so it too goes to the creditors by rank.
    """
    deal = session.get_one(Deal, deposit.deal_id)
    following = queries.next_deal_on_lot(session, deal)
    price = following.price_minor if following is not None else 0
    return _plan(session, deal, at_stake(deposit), costs, unpaid, price)


def settle_alone(session: Session, deposit: Deposit) -> Settlement:
    """Distribute a forfeited deposit whose lot is not sold again: costs, no gap, the debts by rank."""
    deal = session.get_one(Deal, deposit.deal_id)
    costs = tuple(
        Cost(cost.payee, cost.kind, cost.amount_minor) for cost in queries.costs_of(session, deal.id)
    )
    unpaid = open_claims(session, deal)
    return carry_out(session, _plan(session, deal, at_stake(deposit), costs, unpaid, None))


def carry_out(session: Session, plan: Plan) -> Settlement:
    """Write the plan down: statement, ledger, payouts."""
    return settle(
        session,
        plan.deal,
        PayoutKind.FORFEITURE,
        plan.distribution,
        pursuable=plan.forfeiture.pursuable,
        unpaid=plan.forfeiture.unpaid,
    )


def settle_shortfall(session: Session, deal: Deal, forfeiture: Settlement, minor: int) -> Settlement:
    """Distribute what a defaulter has paid of the shortfall: the commissions still owed, then as a price."""
    lacking = [
        Cost(line["party"], "commission", line["due"] - line["paid"])
        for line in forfeiture.lines
        if line["step"] == Step.COMMISSION and line["due"] > line["paid"]
    ]
    owed = tuple(replace(line, step=Step.COMMISSION, kind="") for line in pay_costs(lacking, minor))
    lines = (*owed, *_as_price(deal, open_claims(session, deal), minor - paid_in(owed)))
    return settle(session, deal, PayoutKind.SHORTFALL, Distribution(minor, lines, {}), unpaid={})


def open_claims(session: Session, deal: Deal) -> tuple[Claim, ...]:
    """What is still unpaid of the claims on the deal's lot, after everything that was settled on it."""
    earlier = queries.settlements_on_lot(session, deal.lot_id)
    sales = [row for row in earlier if row.kind is PayoutKind.SETTLEMENT]
    if sales:
        found = [_claim(line) for line in sales[-1].lines if line["step"] == Step.CLAIM]
    else:
        found = list(claims.claims_in(session, deal))
    for row in earlier:
        if row.kind is not PayoutKind.SETTLEMENT:
            found = _less(found, row.lines)
    return tuple(claim for claim in found if claim.amount)


def still_open(lines: Iterable[Line]) -> tuple[Claim, ...]:
    """What the lines leave unpaid of each claim."""
    return tuple(
        Claim(line.party, line.rank or 1, line.due - line.paid)
        for line in lines
        if line.step is Step.CLAIM and line.due > line.paid
    )


def _plan(  # noqa: PLR0917 - the parts of one forfeiture, in the order in which they are paid
    session: Session,
    deal: Deal,
    stake: int,
    costs: tuple[Cost, ...],
    unpaid: tuple[Claim, ...],
    re_auction_price: int | None,
) -> Plan:
    """`re_auction_price` is None where the lot is not sold again: then no gap and no commission is owed."""
    pack = rule_packs.load(deal.lot.rule_pack, deal.lot.rule_pack_version)
    commercial = pack.forfeiture is not None and pack.forfeiture.value is Order.COMMERCIAL
    resold = re_auction_price is not None
    earned = claims.commissions_of(session, deal) if commercial and resold else ()
    forfeiture = settle_default(
        Default(
            currency=deal.currency,
            price=deal.price_minor,
            deposit=stake,
            costs=costs,
            re_auction_price=deal.price_minor if re_auction_price is None else re_auction_price,
            claims=unpaid,
            pursue_shortfall=pack.pursue_shortfall.value,
            commissions=both_commissions(earned, deal.price_minor, deal.currency),
        )
    )
    first = tuple(line for line in forfeiture.lines if line.step in {Step.COST, Step.COMMISSION})
    gap = _as_price(deal, unpaid, forfeiture.gap_paid)
    debts = pay_claims(_after(unpaid, gap), stake - paid_in(first) - paid_in(gap))
    left = stake - paid_in(first) - paid_in(gap) - paid_in(debts)
    surplus = Line(Step.SURPLUS, claims.surplus_to(deal.lot), left, left)
    distribution = Distribution(stake, (*first, *gap, *debts, surplus), {})
    return Plan(deal, distribution, forfeiture, still_open(debts))


def _as_price(deal: Deal, unpaid: tuple[Claim, ...], minor: int) -> tuple[Line, ...]:
    """Money that stands in for a part of the price: to the creditors by rank, then to the pledgor."""
    paid = tuple(
        replace(line, step=Step.PRICE_GAP, due=line.paid) for line in pay_claims(unpaid, minor) if line.paid
    )
    left = minor - paid_in(paid)
    return (*paid, Line(Step.SURPLUS, claims.surplus_to(deal.lot), left, left, kind=GAP))


def _after(unpaid: tuple[Claim, ...], paid: tuple[Line, ...]) -> tuple[Claim, ...]:
    """The claims once the lines are paid, each line on the first claim of its creditor and rank."""
    written: list[dict[str, object]] = [
        {"step": line.step, "party": line.party, "rank": line.rank, "paid": line.paid} for line in paid
    ]
    return tuple(claim for claim in _less(list(unpaid), written) if claim.amount)


def _less(found: list[Claim], lines: Iterable[dict[str, object]]) -> list[Claim]:
    for line in lines:
        if line["step"] not in {Step.CLAIM, Step.PRICE_GAP}:
            continue
        left = int(str(line["paid"]))
        for index, claim in enumerate(found):
            if (claim.creditor, claim.rank) == (line["party"], line["rank"]):
                part = min(left, claim.amount)
                found[index] = replace(claim, amount=claim.amount - part)
                left -= part
    return found


def _claim(line: dict[str, object]) -> Claim:
    open_minor = int(str(line["due"])) - int(str(line["paid"]))
    return Claim(str(line["party"]), int(str(line["rank"] or 1)), open_minor)
