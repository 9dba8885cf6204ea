"""What the pages show of a pool and a claim: use in bars, the next action, who has to do it and by when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Subject, Verb, may
from marketplace.charts.bars import Bars, waterfall
from payments.compensation.models import CompensationClaim
from payments.compensation.queries import Totals
from payments.compensation.rules import RECOVERABLE, ClaimStatus, PartyRole, RecoveryStatus, clocks
from payments.compensation.rules.agreement import Agreement, read
from payments.compensation.service.claiming import missing_evidence
from payments.compensation.texts import CAPS, ROLES
from payments.funds.documents import documents_of
from payments.funds.texts import EVIDENCE


@dataclass(frozen=True, slots=True)
class Next:
    """What has to happen next; `mine` where it is the reader who has to do it, `by` where a clock runs."""

    text: str
    mine: bool
    by: date | None = None


def use_of(totals: Totals) -> Bars | None:
    """What came into the fund's money and where it is; None for an empty pool."""
    whole = totals.contributed + totals.recovered
    if whole <= 0:
        return None
    parts = [(gettext("Paid for claims"), totals.paid), (gettext("Promised"), totals.promised)]
    return waterfall((gettext("Paid in and recovered"), whole), parts, gettext("Free"))


def division_of(claim: CompensationClaim) -> Bars | None:
    """Who bears which part of the loss; None before the review."""
    if not claim.parts:
        return None
    parts = [(str(ROLES[part.role]), part.minor) for part in claim.parts if part.minor]
    return waterfall((gettext("Loss"), claim.loss_minor), parts)


def cuts_of(claim: CompensationClaim) -> list[tuple[Any, int]]:
    """What each cap took, in words."""
    words = {str(cap): word for cap, word in CAPS.items()}
    return [(words[cut["cap"]], int(cut["minor"])) for cut in claim.cuts]


def terms_of(claim: CompensationClaim) -> Agreement:
    return read(claim.agreement.terms)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(clock.LOCAL_ZONE).date() if moment else None


def next_of(session: Session, claim: CompensationClaim, actor: Actor) -> Next | None:
    """The next action on a claim; None where nothing is left to do."""
    terms = terms_of(claim)
    claimed = _day(claim.claimed_at)
    if claimed is None:
        raise AssertionError("a claim without a day")
    review_by, pay_by = clocks(terms, claimed, _day(claim.reviewed_at))
    keeper = Subject(owner_id=claim.pool.keeper_id)
    match claim.status:
        case ClaimStatus.CLAIMED:
            missing = missing_evidence(terms, documents_of(session, claim.id))
            if missing:
                names = gettext(", ").join(str(EVIDENCE[kind]) for kind in missing)
                text = gettext("The bank has still to name: %(names)s.", names=names)
                return Next(text, actor.institution_id == claim.bank_id)
            mine = may(actor, Verb.KEEP_FUND, keeper)
            return Next(gettext("The fund's officer reviews the file."), mine, review_by)
        case ClaimStatus.REVIEWED:
            mine = may(actor, Verb.RELEASE_FUND, keeper) and actor.person_id != claim.reviewed_by_id
            return Next(gettext("A second person of the fund releases it."), mine, pay_by)
        case ClaimStatus.RELEASED:
            return _next_payment(claim, actor, pay_by)
        case _:
            return _next_recovery(claim, actor)


def _next_payment(claim: CompensationClaim, actor: Actor, pay_by: date | None) -> Next:
    unpaid = [part for part in claim.parts if part.minor and part.role is not PartyRole.BANK]
    called = [part for part in unpaid if part.payout_id is None and part.role is not PartyRole.FUND]
    if called:
        names = gettext(", ").join(part.institution.name for part in called)
        mine = any(part.institution_id == actor.institution_id for part in called)
        return Next(gettext("To be paid into the pool by: %(names)s.", names=names), mine, pay_by)
    return Next(gettext("The money desk pays it out."), may(actor, Verb.CONFIRM_MONEY), pay_by)


def _next_recovery(claim: CompensationClaim, actor: Actor) -> Next | None:
    if claim.status not in RECOVERABLE:
        return None
    if any(row.status is RecoveryStatus.REPORTED for row in claim.recoveries):
        text = gettext("The operator waits for the money that the bank passes on.")
        return Next(text, may(actor, Verb.CONFIRM_MONEY))
    return Next(gettext("The bank reports what it still recovers from the debtor."), mine=False)
