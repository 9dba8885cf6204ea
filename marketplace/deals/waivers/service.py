"""Waiving the title: the selling bank asks for the money before the transfer, the operator agrees."""

import uuid

from sqlalchemy.orm import Session

from marketplace import audit, clock, four_eyes
from marketplace.access import Actor, Subject, Verb, require
from marketplace.deals.models import Deal
from marketplace.deals.queries import lock_deal
from marketplace.deals.rules import DealReason, DealStatus, next_step
from marketplace.deals.waivers import queries
from marketplace.deals.waivers.models import TitleWaiver
from marketplace.errors import Conflict, Refused
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify


def propose(session: Session, actor: Actor, deal_id: uuid.UUID, reason: str) -> TitleWaiver:
    """The seller asks that the money leave before the office has confirmed the transfer.

    Raises:
        Refused: the price is not paid, or no reason is given.
        Conflict: the title is transferred or waived, or such a request waits.
        NotFound, NotAllowed: as `access.require`.
    """
    deal = lock_deal(session, deal_id)
    require(actor, Verb.WAIVE_TITLE, Subject(owner_id=deal.seller_id))
    if deal.status is not DealStatus.PAID:
        raise Refused(DealReason.NOT_PAID)
    if title_settled(session, deal) or any(row.waits for row in queries.waivers_of(session, deal.id)):
        raise Conflict(DealReason.WAIVED_ALREADY)
    now = clock.now()
    row = TitleWaiver(deal_id=deal.id, deal=deal, **four_eyes.proposed(actor, reason, now))
    session.add(row)
    session.flush()
    _record(session, actor, "deals.propose_waiver", deal, row.reason)
    return row


def answer(session: Session, actor: Actor, waiver_id: uuid.UUID, *, agreed: bool, reason: str) -> TitleWaiver:
    """The operator agrees, or does not: until then the money stays.

    Raises:
        Refused: no reason is given.
        Conflict: it is answered.
        NotFound, NotAllowed: no such request; as `access.require`.
    """
    require(actor, Verb.RELEASE_MONEY)
    row = queries.lock_waiver(session, waiver_id)
    deal = lock_deal(session, row.deal_id)
    four_eyes.settle(row, actor, agreed=agreed, answer=reason, now=clock.now())
    session.flush()
    _record(session, actor, "deals.answer_waiver", deal, row.answer, agreed=agreed)
    for institution_id in dict.fromkeys((deal.seller_id, deal.buyer_id)) if agreed else ():
        notify(session, institution_id, NoticeKind.TITLE_WAIVED, f"/deals/{deal.id}", title=deal.lot.title)
    return row


def title_settled(session: Session, deal: Deal) -> bool:
    """Whether money may leave as far as the title goes: it is transferred, or two persons have waived it."""
    recorded = next_step([record.step for record in deal.transfers]) is None
    return recorded or queries.waiver_in_force(session, deal.id) is not None


def _record(
    session: Session, actor: Actor, act: str, deal: Deal, reason: str, *, agreed: bool | None = None
) -> None:
    audit.record(
        session,
        act,
        deal.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason,
        agreed=agreed,
    )
