"""Mails to send, as rows: queued in the transaction of the act, sent afterwards by the worker.

A mail may go out twice after a crash between sending and marking, never not at all; its Message-ID
stays the same.
"""

import uuid
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace import clock
from marketplace.db import Model, atomic, db, identity
from marketplace.mail import MailGateway, MailNotSent, gateway_for

# While one worker sends, no other takes the mail; a crashed worker's mail is taken up again after this.
CLAIM = timedelta(minutes=5)
ATTEMPTS_LIMIT = 10
MAILS_A_TICK = 20
_LONGEST_WAIT = timedelta(hours=6)


class Mail(Model):
    """A mail to send, or sent.

    Attributes:
        body: emptied once sent, because it may hold a one-time password.
        due_at: when to try next; a claim moves it on.
        error: what the mail server said last.
        unsubscribe_url: where one click stops mails of this kind; empty for those that nobody can stop.
    """

    __tablename__ = "outbox"

    id: Mapped[uuid.UUID] = identity()
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    unsubscribe_url: Mapped[str] = mapped_column(String(500), default="", server_default="")


def queue(session: Session, recipient: str, subject: str, body: str, unsubscribe_url: str = "") -> Mail:
    """Add a mail to the running transaction; line breaks in the subject become spaces."""
    now = clock.now()
    mail = Mail(
        recipient=recipient,
        subject=" ".join(subject.split())[:300],
        body=body,
        queued_at=now,
        due_at=now,
        unsubscribe_url=unsubscribe_url,
    )
    session.add(mail)
    return mail


def claim_next(session: Session) -> Mail | None:
    """Take the mail that is due longest, for `CLAIM`; None when none is due or another worker was faster."""
    now = clock.now()
    waiting = (Mail.sent_at.is_(None), Mail.due_at <= now, Mail.attempts < ATTEMPTS_LIMIT)
    mail = session.scalars(select(Mail).where(*waiting).order_by(Mail.due_at, Mail.id).limit(1)).first()
    if mail is None:
        return None
    claimed = (
        update(Mail)
        .where(Mail.id == mail.id, Mail.sent_at.is_(None), Mail.due_at == mail.due_at)
        .values(due_at=now + CLAIM, attempts=Mail.attempts + 1)
        .returning(Mail.id)
    )
    if session.execute(claimed).scalar_one_or_none() is None:
        return None
    session.refresh(mail)
    return mail


def mark_sent(session: Session, mail_id: uuid.UUID) -> None:
    """The server has taken it."""
    values = {"sent_at": clock.now(), "body": "", "error": ""}
    session.execute(update(Mail).where(Mail.id == mail_id).values(**values))


def mark_failed(session: Session, mail: Mail, error: str) -> None:
    """The server has not taken it: try again later, each time after twice the wait."""
    wait = min(timedelta(minutes=2**mail.attempts), _LONGEST_WAIT)
    values = {"due_at": clock.now() + wait, "error": error[:200]}
    session.execute(update(Mail).where(Mail.id == mail.id).values(**values))


def send_next(gateway: MailGateway) -> bool:
    """Send one mail that is due; a door: called by the worker outside `atomic()`, True when there was one."""
    with atomic() as session:
        mail = claim_next(session)
        if mail is not None:
            session.expunge(mail)
    if mail is None:
        return False
    try:
        gateway.send(str(mail.id), mail.recipient, mail.subject, mail.body, mail.unsubscribe_url)
    except MailNotSent as error:
        with atomic() as session:
            mark_failed(session, mail, str(error))
        return True
    with atomic() as session:
        mark_sent(session, mail.id)
    return True


def send_due() -> int:
    """Send what is due through the configured gateway, `MAILS_A_TICK` at most; returns how many it tried."""
    gateway = gateway_for(current_app.extensions["settings"])
    for count in range(MAILS_A_TICK):
        if not send_next(gateway):
            return count
    return MAILS_A_TICK


def count_stuck() -> int:
    """Mails that were given up, for the operator's page and `flask check`."""
    stuck = (Mail.sent_at.is_(None), Mail.attempts >= ATTEMPTS_LIMIT)
    return db.session.scalar(select(func.count()).select_from(Mail).where(*stuck)) or 0
