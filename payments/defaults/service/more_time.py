"""A buyer asks to pay later; an officer decides, within what the rule pack allows."""

import uuid

from sqlalchemy.orm import Session

from auctions.fair_play.queries import operators
from marketplace import clock, four_eyes, rule_packs
from marketplace.access import Actor, Verb, require
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.errors import Conflict
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.rule_packs import Pack
from payments import queries as payment_queries
from payments.defaults import queries
from payments.defaults.models import MoreTimeRequest
from payments.defaults.rules import DefaultReason, DelayGround, check_more_time
from payments.models import Payment
from payments.rules import OPEN_PAYMENTS, Reason
from payments.service.acts import record
from payments.service.lapses import prolong


def ask_for_more_time(
    session: Session, actor: Actor, payment_id: uuid.UUID, *, days: int, ground: DelayGround, reason: str
) -> MoreTimeRequest:
    """The buyer asks for so many days more; the deadline stands until an officer has decided.

    Raises:
        Refused: more days than the pack allows at once, or no reason.
        Conflict: it is paid or ended, a request waits, or the pack allows no more.
        NotFound, NotAllowed: as `access.require`.
    """
    payment = payment_queries.lock_payment(session, payment_id)
    require(actor, deals.paying_verb(payment.deal), deals.subject_of(session, payment.deal))
    _check_awaited(payment)
    check_more_time(pack_of(payment.deal), payment.prolongations, days)
    if any(row.waits for row in queries.requests_of(session, payment.id)):
        raise Conflict(DefaultReason.ASKED_ALREADY)
    row = MoreTimeRequest(
        payment_id=payment.id,
        payment=payment,
        days=days,
        ground=ground,
        **four_eyes.proposed(actor, reason, clock.now()),
    )
    session.add(row)
    session.flush()
    record(session, "ask_for_more_time", payment.id, actor, reason=row.reason, days=days, ground=ground)
    for operator in operators(session):
        notify(
            session,
            operator.id,
            NoticeKind.MORE_TIME_ASKED,
            "/money/defaults",
            title=payment.deal.lot.title,
            due_at=payment.deal.pay_by,
        )
    return row


def answer_request(
    session: Session, actor: Actor, request_id: uuid.UUID, *, agreed: bool, reason: str
) -> MoreTimeRequest:
    """The officer gives the time that was asked for, or does not.

    Raises:
        Refused: without a reason.
        Conflict: it is answered, or the deal has been paid or ended meanwhile.
        NotFound, NotAllowed: as `access.require`, or no such request.
    """
    require(actor, Verb.CONFIRM_MONEY)
    row = queries.lock_request(session, request_id)
    payment = payment_queries.lock_payment(session, row.payment_id)
    four_eyes.settle(row, actor, agreed=agreed, answer=reason, now=clock.now())
    record(session, "answer_more_time", payment.id, actor, reason=row.answer, agreed=agreed, days=row.days)
    if agreed:
        _check_awaited(payment)
        prolong(session, payment, row.days, payment.deal.pay_by)
        return row
    deal = payment.deal
    url = f"/money/deals/{deal.id}/payment"
    for party in sorted(deals.subject_of(session, deal).parties):
        notify(session, party, NoticeKind.MORE_TIME_REFUSED, url, title=deal.lot.title, due_at=deal.pay_by)
    return row


def pack_of(deal: Deal) -> Pack:
    """The rule pack that the deal's lot runs under."""
    return rule_packs.load(deal.lot.rule_pack, deal.lot.rule_pack_version)


def _check_awaited(payment: Payment) -> None:
    if payment.status not in OPEN_PAYMENTS:
        raise Conflict(Reason.NOT_AWAITED)
