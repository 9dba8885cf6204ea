"""Writing a settlement down: its statement, its ledger transaction, its payouts."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.canonical import digest
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.parties.models import Institution
from payments import ledger
from payments.ledger import AccountName, Purpose
from payments.models import Payout, Settlement
from payments.rules import PayoutKind
from payments.service import books
from payments.service.acts import record
from payments.service.holding_back import held_back_until
from payments.taxes.rules import TAX_COST
from payments.waterfall import Distribution, Line, Step

PURPOSES = {
    Step.BUYER_TAX: Purpose.TAX,
    Step.BUYER_COMMISSION: Purpose.COMMISSION,
    Step.COST: Purpose.COST,
    Step.COMMISSION: Purpose.COMMISSION,
    Step.PRICE_GAP: Purpose.CLAIM,
    Step.CLAIM: Purpose.CLAIM,
    Step.SURPLUS: Purpose.SURPLUS,
}


def settle(
    session: Session,
    deal: Deal,
    kind: PayoutKind,
    distribution: Distribution,
    *,
    set_off: int = 0,
    pursuable: int = 0,
    unpaid: dict[str, int] | None = None,
) -> Settlement:
    """Write the statement down, move the money to those it belongs to, and make their payouts.

    `set_off` of the buyer's own claim was never paid in, so it is not paid out. Where nothing is left to pay
    out at all, the deal is completed here.
    """
    lines = [_written(session, line) for line in distribution.lines if line.due]
    settlement = Settlement(
        deal_id=deal.id,
        kind=kind,
        lot_id=deal.lot_id,
        received_minor=distribution.received,
        set_off_minor=set_off,
        currency=deal.currency,
        lines=lines,
        unpaid=distribution.unpaid if unpaid is None else unpaid,
        compensation=distribution.compensation,
        pursuable_minor=pursuable,
        content_hash=digest(lines),
        settled_at=clock.now(),
    )
    session.add(settlement)
    session.flush()
    _pay_out(session, deal, settlement, distribution)
    record(session, f"settle_{kind}", deal.id, None, received=distribution.received, hash=digest(lines))
    return settlement


def _pay_out(session: Session, deal: Deal, settlement: Settlement, distribution: Distribution) -> None:
    """Move the money from escrow to those it belongs to, and make a payout for each."""
    source = books.escrow if settlement.kind is PayoutKind.SETTLEMENT else books.forfeited
    origin = source(deal.lot_id, deal.id, deal.currency)
    sums = _sums(deal, distribution, settlement.set_off_minor)
    postings: tuple[ledger.Posting, ...] = ()
    for name, minor in sums.items():
        postings += ledger.movement(origin, name, minor)
    if postings:
        key = f"settlement:{settlement.id}"
        books.post(session, key, subject_id=settlement.id, lot_id=deal.lot_id, postings=postings)
        session.add_all([_payout(session, settlement, name, minor) for name, minor in sums.items()])
    elif settlement.kind is PayoutKind.SETTLEMENT:
        deals.complete(session, deal)


def purpose_of(step: Step, kind: str) -> Purpose:
    """On which account of its payee the money of a line stands: tax within the price is a cost, and tax."""
    return Purpose.TAX if kind == TAX_COST else PURPOSES[step]


def _sums(deal: Deal, distribution: Distribution, set_off: int) -> dict[AccountName, int]:
    """What each gets in cash; whoever gets nothing is left out."""
    sums: dict[AccountName, int] = {}
    for line in distribution.lines:
        name = AccountName(purpose_of(line.step, line.kind), deal.currency, deal.lot_id, line.party)
        sums[name] = sums.get(name, 0) + line.paid
    if set_off:
        sums[AccountName(Purpose.CLAIM, deal.currency, deal.lot_id, str(deal.buyer_id))] -= set_off
    if any(minor < 0 for minor in sums.values()):
        raise AssertionError("more was set off than the creditor's claim brings")
    return {name: minor for name, minor in sums.items() if minor}


def _payout(session: Session, settlement: Settlement, name: AccountName, minor: int) -> Payout:
    institution = institution_of(session, name.party)
    return Payout(
        kind=settlement.kind,
        settlement_id=settlement.id,
        settlement=settlement,
        lot_id=settlement.lot_id,
        account_id=books.account(session, name).id,
        institution_id=institution.id if institution else None,
        payee=institution.name if institution else name.party,
        amount_minor=minor,
        currency=settlement.currency,
        due_at=clock.now(),
        not_before=held_back_until(session, settlement),
    )


def institution_of(session: Session, party: str) -> Institution | None:
    """The institution that a party's id stands for; None for somebody outside, who is named."""
    try:
        return session.get(Institution, uuid.UUID(party))
    except ValueError:
        return None


def _written(session: Session, line: Line) -> dict[str, str | int | None]:
    institution = institution_of(session, line.party)
    return {
        "step": line.step,
        "party": line.party,
        "name": institution.name if institution else line.party,
        "due": line.due,
        "paid": line.paid,
        "rank": line.rank,
        "kind": line.kind,
    }
