"""Somebody's own system: where it is, what it is to be sent, and sending it outside of any transaction."""

import secrets
import uuid
from datetime import timedelta

from cryptography.fernet import Fernet
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor
from marketplace.db import atomic
from marketplace.errors import NotFound
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from search.watching import queries
from search.watching.calling import Caller, NotDelivered
from search.watching.messages import Find, webhook_body
from search.watching.models import Delivery, SavedSearch, Webhook
from search.watching.rules.destinations import checked_url, signature
from search.watching.rules.times import retry_wait
from search.watching.rules.words import DELIVERIES_KEPT, Channel, Failure

ATTEMPTS_LIMIT = 10
CLAIM = timedelta(minutes=5)
DELIVERIES_A_TICK = 50
_OK = range(200, 300)


def set_webhook(session: Session, actor: Actor, url: str) -> str:
    """Tell the actor's own system from now on; returns the secret, which is shown this once.

    What waits for an address before is not sent to the new one.

    Raises:
        Refused: not an address that may be called.
    """
    found, address = queries.webhook_of(session, actor.person_id), checked_url(url)
    if found is not None:
        session.delete(found)
        session.flush()
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    sealed = _box().encrypt(secret.encode()).decode()
    session.add(Webhook(person_id=actor.person_id, url=address, secret=sealed, set_at=clock.now()))
    return secret


def remove_webhook(session: Session, actor: Actor) -> None:
    """Forget the address with all that waits for it; searches that only told it are told in the notices."""
    found = queries.webhook_of(session, actor.person_id)
    if found is None:
        raise NotFound("webhook")
    session.delete(found)
    for search in session.scalars(select(SavedSearch).where(SavedSearch.person_id == actor.person_id)):
        if Channel.WEBHOOK in search.channels:
            rest = [channel for channel in search.channels if channel != Channel.WEBHOOK]
            search.channels = rest or [str(Channel.NOTICE)]


def queue_delivery(session: Session, find: Find) -> None:
    """Add a message to the running transaction, if the person has a webhook still."""
    webhook = queries.webhook_of(session, find.search.person_id)
    if webhook is None:
        return
    now, delivery_id = clock.now(), uuid.uuid4()
    body = webhook_body(delivery_id, find, now)
    session.add(Delivery(id=delivery_id, webhook_id=webhook.id, body=body, queued_at=now, due_at=now))


def send_due() -> int:
    """Send what is due; an errand of the worker in a thread of its own, for strangers may be slow."""
    for count in range(DELIVERIES_A_TICK):
        if not send_next(Caller()):
            return count
    return DELIVERIES_A_TICK


def send_next(caller: Caller) -> bool:
    """Send one message that is due; a door: called outside `atomic()`, True when there was one."""
    with atomic() as session:
        delivery = _claim(session)
        if delivery is None:
            return False
        url, sealed, body = delivery.webhook.url, delivery.webhook.secret, delivery.body.encode()
        delivery_id, attempts = delivery.id, delivery.attempts
    answer: int | None = None
    failure = Failure.STATUS
    try:
        answer = caller.post(url, body, _headers(delivery_id, sealed, body))
    except NotDelivered as not_delivered:
        failure = not_delivered.failure
    with atomic() as session:
        _note(session, delivery_id, attempts, answer, None if answer in _OK else failure)
    return True


def _claim(session: Session) -> Delivery | None:
    """Take the message that is due longest, for `CLAIM`; None when none is, or another worker was faster."""
    now = clock.now()
    waiting = (Delivery.ended_at.is_(None), Delivery.due_at <= now)
    statement = select(Delivery).where(*waiting).order_by(Delivery.due_at, Delivery.id).limit(1)
    locked = statement.with_for_update(skip_locked=True, of=Delivery)
    delivery = session.scalars(locked.execution_options(populate_existing=True)).first()
    if delivery is not None:
        delivery.due_at, delivery.attempts = now + CLAIM, delivery.attempts + 1
        session.flush()
    return delivery


def _headers(delivery_id: uuid.UUID, sealed: str, body: bytes) -> dict[str, str]:
    secret = _box().decrypt(sealed.encode()).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "luochui-webhook/1",
        "Luochui-Delivery": str(delivery_id),
        "Luochui-Signature": signature(secret, int(clock.now().timestamp()), body),
    }


def _note(
    session: Session, delivery_id: uuid.UUID, attempts: int, answer: int | None, failure: Failure | None
) -> None:
    """Write down how it went; the address may have been taken away meanwhile."""
    delivery = session.get(Delivery, delivery_id, with_for_update={"of": Delivery}, populate_existing=True)
    if delivery is None or delivery.attempts != attempts or delivery.ended_at is not None:
        return
    now, delivery.answer, delivery.failure = clock.now(), answer, failure
    if failure is None:
        delivery.ended_at, delivery.arrived, delivery.webhook.failing_since = now, True, None
        return
    delivery.webhook.failing_since = delivery.webhook.failing_since or now
    delivery.due_at = now + retry_wait(attempts)
    if attempts >= ATTEMPTS_LIMIT:
        _give_up(session, delivery)


def _give_up(session: Session, delivery: Delivery) -> None:
    delivery.ended_at, webhook = clock.now(), delivery.webhook
    owner = queries.person(session, webhook.person_id)
    kind, path = NoticeKind.WEBHOOK_FAILED, "/watching/webhook"
    notify(session, owner.institution_id, kind, path, title=webhook.url, person_id=owner.id)


def forget_delivered(session: Session) -> bool:
    """Forget a batch of messages that ended long ago; a job of the worker."""
    old = select(Delivery).where(Delivery.ended_at < clock.now() - DELIVERIES_KEPT).limit(queries.BATCH)
    found = list(session.scalars(old))
    for delivery in found:
        session.delete(delivery)
    return bool(found)


def _box() -> Fernet:
    return Fernet(current_app.extensions["settings"].field_key)
