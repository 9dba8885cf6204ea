"""Who gets what from a deal whose title is transferred, and from the deposits forfeited on the way to it."""

from sqlalchemy.orm import Session

from marketplace import rule_packs
from marketplace.deals.models import Deal
from payments import queries
from payments.forfeiture import Default, settle_default
from payments.models import Deposit
from payments.rules import PayoutKind
from payments.service import claims
from payments.service.distributing import settle
from payments.service.outcomes import at_stake
from payments.waterfall import (
    Claim,
    Cost,
    Distribution,
    Line,
    Sale,
    Step,
    paid_in,
    pay_claims,
    settle_sale,
)


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
    distribution = settle_sale(sale_of(session, deal, costs))
    payment = queries.payment_of(session, deal.id)
    set_off = payment.set_off_minor if payment is not None else 0
    settle(session, deal, PayoutKind.SETTLEMENT, distribution, set_off=set_off)
    unpaid = _unpaid_claims(distribution)
    for deposit, paid in zip(forfeits, costs_paid, strict=True):
        unpaid = _settle_forfeited(session, deposit, paid, unpaid)
    return True


def sale_of(session: Session, deal: Deal, costs: tuple[Cost, ...]) -> Sale:
    """The deal as the waterfall reads it."""
    return Sale(
        currency=deal.currency,
        price=deal.price_minor,
        costs=costs,
        commissions=claims.commissions_of(session, deal),
        claims=claims.claims_on(deal.lot),
        surplus_to=claims.surplus_to(deal.lot),
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


def _settle_forfeited(
    session: Session, deposit: Deposit, costs: tuple[Cost, ...], unpaid: tuple[Claim, ...]
) -> tuple[Claim, ...]:
    """Settle one forfeited deposit; returns the claims that are still unpaid after it.

    The part that closes the price gap stands in for proceeds, so it too goes to the creditors by rank.
    """
    deal = session.get_one(Deal, deposit.deal_id)
    following = queries.next_deal_on_lot(session, deal)
    pack = rule_packs.load(deal.lot.rule_pack, deal.lot.rule_pack_version)
    forfeiture = settle_default(
        Default(
            currency=deal.currency,
            price=deal.price_minor,
            deposit=at_stake(deposit),
            costs=costs,
            re_auction_price=following.price_minor if following else 0,
            claims=unpaid,
            pursue_shortfall=pack.pursue_shortfall.value,
        )
    )
    cost_lines = tuple(line for line in forfeiture.lines if line.step is Step.COST)
    left = at_stake(deposit) - paid_in(cost_lines)
    claim_lines = pay_claims(unpaid, left)
    left -= paid_in(claim_lines)
    surplus = Line(Step.SURPLUS, claims.surplus_to(deal.lot), left, left)
    distribution = Distribution(at_stake(deposit), (*cost_lines, *claim_lines, surplus), {})
    settle(
        session,
        deal,
        PayoutKind.FORFEITURE,
        distribution,
        pursuable=forfeiture.pursuable,
        unpaid=forfeiture.unpaid,
    )
    return _unpaid_claims(distribution)


def _unpaid_claims(distribution: Distribution) -> tuple[Claim, ...]:
    return tuple(
        Claim(line.party, line.rank or 1, line.due - line.paid)
        for line in distribution.lines
        if line.step is Step.CLAIM and line.due > line.paid
    )
