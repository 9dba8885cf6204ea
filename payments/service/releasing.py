"""What keeps a payout here: the facts behind `payments.releasing`, read and asked."""

from sqlalchemy.orm import Session

from marketplace import clock, rule_packs
from marketplace.deals.models import Deal
from marketplace.deals.rules import next_step
from marketplace.deals.waivers.queries import waiver_in_force
from marketplace.errors import Conflict
from payments.disputes import queries as disputes
from payments.models import Payout
from payments.releasing import Blocker, Release, blockers


def release_of(session: Session, payout: Payout) -> Release:
    """The facts that decide about a payout, as they stand now."""
    dispute = disputes.open_dispute_about(session, payout)
    deal = payout.settlement.deal if payout.settlement is not None else None
    return Release(
        kind=payout.kind,
        title_required=deal is not None and _title_required(deal),
        title_recorded=deal is not None and next_step([step.step for step in deal.transfers]) is None,
        title_waived=deal is not None and waiver_in_force(session, deal.id) is not None,
        disputed=dispute is not None,
        evidence_by=dispute.due_by if dispute is not None else None,
        price_taken_back=disputes.price_taken_back(session, payout),
        not_before=payout.not_before,
    )


def blockers_of(session: Session, payout: Payout) -> tuple[Blocker, ...]:
    """Everything that keeps the payout here now; nothing when it may leave."""
    return blockers(release_of(session, payout), clock.now())


def require_free(session: Session, payout: Payout) -> None:
    """Raise Conflict, naming the first thing that keeps the locked payout here."""
    found = blockers_of(session, payout)
    if found:
        until = found[0].until
        raise Conflict(found[0].hold, until=until.isoformat() if until else "")


def _title_required(deal: Deal) -> bool:
    """Whether the lot's rule pack lets money out only after the title has passed."""
    rule = rule_packs.load(deal.lot.rule_pack, deal.lot.rule_pack_version).title_before_payout
    return rule is None or rule.value
