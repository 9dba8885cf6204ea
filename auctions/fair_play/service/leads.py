"""Leads: opened by a signal, looked into by a person, dismissed with a reason or led to a proposal."""

import uuid
from dataclasses import asdict

from sqlalchemy.orm import Session

from auctions.fair_play import queries
from auctions.fair_play.models import Lead, LeadEvidence
from auctions.fair_play.rules.leads import (
    GROWN_BY,
    LEAD_MOVES,
    MOST_LINES,
    OPEN,
    LeadStatus,
    Signal,
    percent,
)
from auctions.fair_play.rules.reasons import Reason
from marketplace import audit, clock
from marketplace.access import Actor, Verb, require
from marketplace.errors import Refused
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move


def open_lead(session: Session, signal: Signal) -> Lead | None:
    """Open a lead for a signal, or add to the one there is; None where it says nothing new.

    A lead that was closed comes back, as a new one, only when the signal has grown by a tenth.
    """
    known = queries.latest_lead(session, signal.fingerprint)
    strength = percent(signal.strength)
    if known is not None and strength <= known.strength_percent:
        return None
    if known is not None and known.status in OPEN:
        return _add(session, known, signal)
    if known is not None and strength < known.strength_percent + percent(GROWN_BY):
        return None
    now = clock.now()
    lead = Lead(
        kind=signal.kind,
        fingerprint=signal.fingerprint,
        subjects=list(signal.subjects),
        context=signal.context,
        strength_percent=0,
        opened_at=now,
        changed_at=now,
    )
    session.add(lead)
    session.flush()
    audit.record(session, "fair_play.open_lead", lead.id, kind=signal.kind, strength=strength)
    _tell_operators(session, lead)
    return _add(session, lead, signal)


def _tell_operators(session: Session, lead: Lead) -> None:
    """By its number only: a notice is read by the whole institution and kept."""
    for operator in queries.operators(session):
        url = f"/operator/fair-play/leads/{lead.id}"
        notify(session, operator.id, NoticeKind.LEAD_OPENED, url, title=lead.id.hex[:8])


def _add(session: Session, lead: Lead, signal: Signal) -> Lead:
    now, strength = clock.now(), percent(signal.strength)
    lines = [asdict(line) for line in signal.lines[:MOST_LINES]]
    session.add(LeadEvidence(lead_id=lead.id, at=now, strength_percent=strength, lines=lines))
    lead.strength_percent, lead.changed_at = max(lead.strength_percent, strength), now
    session.flush()
    return lead


def look_into(session: Session, actor: Actor, lead_id: uuid.UUID) -> Lead:
    """A person takes the lead in hand.

    Raises:
        Conflict: somebody has already.
        NotFound, NotAllowed: as `access.require`, or no such lead.
    """
    return _move(session, actor, lead_id, LeadStatus.LOOKED_INTO)


def dismiss(session: Session, actor: Actor, lead_id: uuid.UUID, reason: str) -> Lead:
    """There is nothing in it, and why.

    Raises:
        Refused: without a reason.
        Conflict: it is not being looked into.
        NotFound, NotAllowed: as `access.require`, or no such lead.
    """
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, field="reason")
    return _move(session, actor, lead_id, LeadStatus.DISMISSED, reason)


def led_to_proposal(session: Session, actor: Actor, lead_id: uuid.UUID, reason: str) -> Lead:
    """The lead has led to a proposal for the barred list, which a second person decides."""
    return _move(session, actor, lead_id, LeadStatus.LED_TO_PROPOSAL, reason)


def _move(session: Session, actor: Actor, lead_id: uuid.UUID, status: LeadStatus, reason: str = "") -> Lead:
    require(actor, Verb.KEEP_FAIR_PLAY)
    lead = queries.lock_lead(session, lead_id)
    now = clock.now()
    check_move(LEAD_MOVES, lead.status, status)
    lead.status, lead.changed_at = status, now
    lead.taken_by_id = actor.person_id
    lead.conclusion = reason.strip()[:500]
    audit.record(
        session,
        f"fair_play.{status}",
        lead.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=lead.conclusion,
    )
    session.flush()
    return lead
