"""Statements of a deal for its parties: who gets what, and the ledger."""

import uuid

from flask import render_template
from flask_babel import gettext

from marketplace.deals import service as deals
from marketplace.deals.queries import find_deal
from marketplace.web import current_actor, signed_in
from payments import queries, statements
from payments.access import require_to_see, sees_whole_settlement
from payments.disputes.queries import open_disputes_of
from payments.queries import pages
from payments.routes.shared import blueprint, reading
from payments.rules import PayoutKind
from payments.service import releasing


@blueprint.get("/money/deals/<uuid:deal_id>/settlement")
@signed_in
def settlement(deal_id: uuid.UUID) -> str:
    """The waterfall: the seller and the overseers see all of it, others what goes to themselves."""
    actor, deal = current_actor(), find_deal(reading(), deal_id)
    subject = deals.subject_of(reading(), deal)
    require_to_see(actor, subject)
    whole = sees_whole_settlement(actor, subject)
    found = pages.settlements_of(reading(), deal_id)
    shown = [
        {
            "row": row,
            "lines": [line for line in row.lines if whole or line["party"] == str(actor.institution_id)],
            "bars": statements.bars(row, gettext("Received")) if whole and row.received_minor else None,
            "payouts": queries.payouts_of(reading(), row.id) if whole else [],
        }
        for row in found
    ]
    return render_template(
        "payments/settlement.html",
        deal=deal,
        lot=deal.lot,
        settlements=shown,
        whole=whole,
        forfeiture=PayoutKind.FORFEITURE,
        disputes=open_disputes_of(reading(), deal_id) if whole else [],
        blockers_of=lambda payout: releasing.blockers_of(reading(), payout),
    )


@blueprint.get("/money/deals/<uuid:deal_id>/ledger")
@signed_in
def ledger(deal_id: uuid.UUID) -> str:
    """The ledger of a deal: deposit and payment for its parties, what went out for the seller too."""
    actor, deal = current_actor(), find_deal(reading(), deal_id)
    subject = deals.subject_of(reading(), deal)
    require_to_see(actor, subject)
    whole = sees_whole_settlement(actor, subject)
    return render_template(
        "payments/ledger.html",
        deal=deal,
        lot=deal.lot,
        lines=statements.ledger_lines(reading(), deal, whole=whole),
        whole=whole,
    )
