"""Correcting a settlement that distributed more than there is now: from its end, with a row of its own."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from payments.connect.service import transfers
from payments.disputes import queries
from payments.disputes.models import MoneyDecision, SettlementCorrection
from payments.disputes.rules import DebtCause, Reduction, reductions
from payments.disputes.service import debts, withholding
from payments.ledger import AccountName
from payments.models import Payout, Settlement
from payments.service.distributing import institution_of, purpose_of


def distributed(session: Session, settlement: Settlement) -> int:
    """What a settlement distributes by now, in minor units."""
    return sum(line["paid"] for line in lines_now(session, settlement))


def lines_now(session: Session, settlement: Settlement) -> list[dict[str, Any]]:
    """The lines of a settlement as its corrections have left them."""
    lines = [dict(line) for line in settlement.lines]
    for correction in queries.corrections_of(session, settlement.deal_id):
        for cut in correction.lines:
            left = cut["minor"]
            for line in lines:
                if all(line[name] == cut[name] for name in ("step", "party", "kind")):
                    part = min(left, line["paid"])
                    line["paid"], left = line["paid"] - part, left - part
    return lines


def correct(
    session: Session,
    decision: MoneyDecision,
    settlement: Settlement,
    *,
    kept: AccountName,
    owed: AccountName,
    cause: DebtCause,
) -> int:
    """Take the decision's amount from the end of a settlement; returns what was not paid out yet.

    `kept` is credited with that part, `owed` with the rest, which becomes the payees' debts.

    Raises:
        Refused: so much was not distributed.
    """
    payouts = queries.lock_payouts_of(session, settlement.id)
    lines, withheld = [], 0
    for cut in reductions(lines_now(session, settlement), decision.amount_minor):
        part = _keep(session, payouts, cut, kept, decision.reason)
        if cut.minor > part:
            paid = next((one for one in payouts if _is_of(one, cut) and one.paid_at is not None), None)
            debt = debts.arise(
                session,
                cause,
                debtor=cut.party,
                source=owed,
                lot_id=settlement.lot_id,
                deal_id=settlement.deal_id,
                payout_id=paid.id if paid else None,
                minor=cut.minor - part,
            )
            transfers.reverse(session, debt)
        withheld += part
        lines.append(_written(session, cut, part))
    session.add(
        SettlementCorrection(
            settlement_id=settlement.id,
            decision_id=decision.id,
            amount_minor=decision.amount_minor,
            currency=settlement.currency,
            lines=lines,
            corrected_at=clock.now(),
        )
    )
    session.flush()
    return withheld


def _keep(session: Session, payouts: list[Payout], cut: Reduction, kept: AccountName, reason: str) -> int:
    """What can still be kept of the party's payouts in that step."""
    left = cut.minor
    for payout in payouts:
        open_still = withholding.can_be_kept(session, payout)
        if left and open_still and _is_of(payout, cut):
            part = min(left, payout.amount_minor)
            withholding.withhold(session, payout, part, kept, reason)
            left -= part
    return cut.minor - left


def _is_of(payout: Payout, cut: Reduction) -> bool:
    account = payout.account.name
    return account.purpose is purpose_of(cut.step, cut.kind) and account.party == cut.party


def _written(session: Session, cut: Reduction, withheld: int) -> dict[str, Any]:
    institution = institution_of(session, cut.party)
    return {
        "step": cut.step,
        "party": cut.party,
        "kind": cut.kind,
        "name": institution.name if institution else cut.party,
        "minor": cut.minor,
        "withheld": withheld,
        "debt": cut.minor - withheld,
    }
