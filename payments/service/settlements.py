"""Who gets what from a deal whose title is transferred, and from the deposits forfeited on the way to it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from marketplace.deals.models import Deal
from payments import queries
from payments.defaults.service.shortfalls import open_shortfall
from payments.models import Deposit
from payments.risk_sharing.queries import shares_of
from payments.rules import PayoutKind
from payments.service import claims, forfeited
from payments.service.distributing import settle
from payments.service.outcomes import at_stake
from payments.taxes.charging import tax_costs, with_tax
from payments.waterfall import Cost, Sale, compensate, settle_sale


def settle_transferred(session: Session) -> bool:
    """Settle one deal that is paid and whose title is transferred; True when there was one.

    Deposits forfeited by earlier winners of the same lot pay the costs of this sale first, then the gap in
    price and the debts (法释〔2016〕18号 article 24).
    """
    deal = queries.deal_to_settle(session)
    if deal is None:
        return False
    costs = tuple(
        Cost(cost.payee, cost.kind, cost.amount_minor) for cost in queries.costs_of(session, deal.id)
    )
    forfeits = queries.deposits_forfeited(session, deal.lot_id)
    costs_paid = []
    for deposit in forfeits:
        paid, costs = _costs_from(deposit, costs)
        costs_paid.append(paid)
    sale = sale_of(session, deal, costs)
    distribution = with_tax(settle_sale(sale), deal)
    plans, unpaid = [], forfeited.still_open(distribution.lines)
    for deposit, paid in zip(forfeits, costs_paid, strict=True):
        plan = forfeited.plan_with_resale(session, deposit, paid, unpaid)
        plans.append(plan)
        unpaid = plan.unpaid
    # Whoever shares the risk makes up for what is left once the forfeited deposits have paid too.
    lacking = sum(claim.amount for claim in unpaid if claim.rank == 1)
    distribution = replace(distribution, compensation=compensate(lacking, sale.risk_sharing))
    payment = queries.payment_of(session, deal.id)
    set_off = payment.set_off_minor if payment is not None else 0
    settle(session, deal, PayoutKind.SETTLEMENT, distribution, set_off=set_off)
    for plan in plans:
        open_shortfall(session, forfeited.carry_out(session, plan))
    return True


def sale_of(session: Session, deal: Deal, costs: tuple[Cost, ...]) -> Sale:
    """The deal as the waterfall reads it."""
    return Sale(
        currency=deal.currency,
        price=deal.price_minor,
        costs=(*costs, *tax_costs(deal)),
        commissions=claims.commissions_of(session, deal),
        claims=claims.claims_in(session, deal),
        surplus_to=claims.surplus_to(deal.lot),
        risk_sharing=shares_of(session, deal.lot_id),
    )


def _costs_from(deposit: Deposit, costs: tuple[Cost, ...]) -> tuple[tuple[Cost, ...], tuple[Cost, ...]]:
    """The costs that a forfeited deposit pays, and what it leaves of them for the proceeds."""
    available, paid, left = at_stake(deposit), [], []
    for cost in costs:
        part = min(cost.amount, available)
        available -= part
        paid.append(Cost(cost.to, cost.kind, part))
        left.append(Cost(cost.to, cost.kind, cost.amount - part))
    return tuple(cost for cost in paid if cost.amount), tuple(cost for cost in left if cost.amount)
