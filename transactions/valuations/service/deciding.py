"""What a person makes of a suggestion. It is written down with who and why; it binds nobody."""

import uuid

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor
from marketplace.errors import Refused
from marketplace.money import MINOR_LIMIT
from transactions.valuations.models import Valuation, ValuationDecision
from transactions.valuations.queries.valuations import find_own
from transactions.valuations.rules.words import DecisionKind, ValuationReason

REASON_MOST = 1_000


def decide(
    session: Session,
    actor: Actor,
    valuation_id: uuid.UUID,
    kind: DecisionKind,
    *,
    reason: str,
    start_price_minor: int | None = None,
    value_minor: int | None = None,
) -> ValuationDecision:
    """Accept the suggestion, or put another start price or value in its place.

    Raises:
        NotFound: no valuation of the actor's institution.
        Refused: nothing was suggested that could be accepted, nothing is put in its place, no reason.
    """
    kept = find_own(session, actor.institution_id, valuation_id)
    suggested = suggested_start(kept)
    if kind is DecisionKind.ACCEPTED:
        if kept.value_minor is None and suggested is None:
            raise Refused(ValuationReason.NOTHING_SUGGESTED)
        start_price_minor, value_minor = suggested, None
    else:
        _check_override(reason, start_price_minor, value_minor)
    row = ValuationDecision(
        valuation_id=kept.id,
        person_id=actor.person_id,
        at=clock.now(),
        kind=kind,
        suggested_minor=suggested,
        start_price_minor=start_price_minor,
        value_minor=value_minor,
        reason=reason.strip()[:REASON_MOST],
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        f"valuations.{kind.value}",
        kept.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=row.reason[:500],
    )
    return row


def _check_override(reason: str, start_price_minor: int | None, value_minor: int | None) -> None:
    if not reason.strip():
        raise Refused(ValuationReason.REASON_NEEDED, field="reason")
    if start_price_minor is None and value_minor is None:
        raise Refused(ValuationReason.OVERRIDE_NEEDED, field="start_price")
    for name, minor in (("start_price", start_price_minor), ("value", value_minor)):
        if minor is not None and not 0 < minor < MINOR_LIMIT:
            raise Refused(ValuationReason.AMOUNT_OUT_OF_RANGE, field=name)


def suggested_start(kept: Valuation) -> int | None:
    """The start price that the curve suggests; None without a curve."""
    curve = (kept.result.get("sale") or {}).get("curve") or {}
    found = curve.get("suggested_minor")
    return found if isinstance(found, int) else None
