"""A creditor that takes the lot itself: its claim is set off against the price, the rest is paid in cash.

Costs, claims that rank before its own, and what exceeds its claim are owed to others, so they are paid in
(拍卖、变卖规定 art. 16; Civil Code 438).
"""

from sqlalchemy.orm import Session

from auctions.procedure.queries import proposal_behind
from marketplace.deals.models import Deal
from marketplace.deals.rules import SET_OFF
from payments import queries
from payments.models import SaleCost
from payments.service.settlements import sale_of
from payments.waterfall import Cost, Step, settle_sale


def set_off(session: Session, deal: Deal) -> int:
    """What of the price the creditor would get back at once, in minor units; 0 for any other deal."""
    if deal.source not in SET_OFF:
        return 0
    costs = tuple(
        Cost(cost.payee, cost.kind, cost.amount_minor) for cost in queries.costs_of(session, deal.id)
    )
    distribution = settle_sale(sale_of(session, deal, costs))
    creditor = str(deal.buyer_id)
    return sum(line.paid for line in distribution.lines if line.step is Step.CLAIM and line.party == creditor)


def take_over_costs(session: Session, deal: Deal) -> None:
    """The costs that the bank stated with its decision become costs of the deal, to be paid first."""
    proposal = proposal_behind(session, deal.source_id) if deal.source in SET_OFF else None
    if proposal is None or not proposal.cost_minor:
        return
    session.add(
        SaleCost(
            deal_id=deal.id,
            payee=proposal.cost_payee,
            kind="procedure",
            amount_minor=proposal.cost_minor,
            currency=deal.currency,
            recorded_by_id=proposal.person_id,
            recorded_at=deal.agreed_at,
        )
    )
    session.flush()
