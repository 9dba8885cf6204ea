"""Saved searches and what they found, watched lots, wanted notices, and how far lots were followed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity, minor_units
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution, Person
from search.watching.rules.happenings import Happening
from search.watching.rules.words import Failure, Frequency, WantedStatus


class WantedNotice(Model):
    """What a buyer looks for, for everybody to read until it ends.

    Attributes:
        arguments: of the search that finds it, as in an address.
        budget_minor: what the buyer would spend, in minor units of `currency`; nobody else ever sees it.
        named: whether the buyer's name stands on the notice.
        reason: why the operator took it down; empty otherwise.
    """

    __tablename__ = "wanted_notices"
    __table_args__ = (Index("ix_wanted_notices_status_expires_at", "status", "expires_at"),)

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    budget_minor: Mapped[int | None] = minor_units(optional=True)
    currency: Mapped[str | None] = mapped_column(String(3))
    named: Mapped[bool] = mapped_column(default=False)
    status: Mapped[WantedStatus] = mapped_column(default=WantedStatus.OPEN)
    reason: Mapped[str] = mapped_column(String(500), default="")
    published_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WantedAnswer(Model):
    """What a seller or agency wrote to the buyer of a notice; only the two of them read it.

    Attributes:
        lot_id: the lot it is about; None where there is none on the market yet.
    """

    __tablename__ = "wanted_answers"

    id: Mapped[uuid.UUID] = identity()
    wanted_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wanted_notices.id"), index=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship()
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"))
    lot: Mapped[Lot | None] = relationship()
    text: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime] = mapped_column(index=True)


class SavedSearch(Model):
    """A search that somebody keeps and is told about.

    Attributes:
        wanted_id: the notice whose search this is; None for one that a person saved.
        arguments: of the search page's address: lists of texts by name, without page and size.
        channels: values of `Channel`; in any case the matches stand on the search's page.
        paused_at: since when nothing is matched; None while it runs.
        changed_at: when what it looks for, or whether it runs, last changed.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (Index("ix_saved_searches_paused_at_id", "paused_at", "id"),)

    id: Mapped[uuid.UUID] = identity()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    person: Mapped[Person] = relationship()
    wanted_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("wanted_notices.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    frequency: Mapped[Frequency]
    channels: Mapped[list[str]] = mapped_column(JSON)
    saved_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    paused_at: Mapped[datetime | None]


class Match(Model):
    """A lot that a saved search found; once for each state of the lot that is news.

    Attributes:
        interest: digest of what would be news about the lot: price, state, dates.
        status: of the lot when it was found.
        due_at: when the person is to be told. told_at: when that was done, or was no longer to be done.
        left_out: the lot was hidden, or the search paused, when it was time to tell.
    """

    __tablename__ = "search_matches"
    __table_args__ = (
        UniqueConstraint("search_id", "lot_id", "interest"),
        Index("ix_search_matches_told_at_due_at", "told_at", "due_at"),
    )

    id: Mapped[uuid.UUID] = identity()
    search_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("saved_searches.id", ondelete="CASCADE"))
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    interest: Mapped[str] = mapped_column(String(64))
    status: Mapped[LotStatus]
    at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    left_out: Mapped[bool] = mapped_column(default=False)


class Watch(Model):
    """A lot on somebody's watch list."""

    __tablename__ = "watches"
    __table_args__ = (UniqueConstraint("person_id", "lot_id"),)

    id: Mapped[uuid.UUID] = identity()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    person: Mapped[Person] = relationship()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    since: Mapped[datetime]


class WatchEvent(Model):
    """Something that happened to a watched lot.

    Attributes:
        number: of the state of the lot it led to, see `Sighting.number`.
        due_at: what the event is about: the opening, for example; None where no date matters.
        told_at: when the person was told, or it was found that others tell them.
    """

    __tablename__ = "watch_events"
    __table_args__ = (UniqueConstraint("watch_id", "happening", "number"),)

    id: Mapped[uuid.UUID] = identity()
    watch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("watches.id", ondelete="CASCADE"))
    watch: Mapped[Watch] = relationship()
    happening: Mapped[Happening]
    number: Mapped[int]
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None] = mapped_column(index=True)


class Sighting(Model):
    """A lot as it was when it was last followed.

    Attributes:
        title: the last one that was public.
        changed_at, status: of the lot's row; where they differ, it has to be looked at.
        public: whether anybody could see it.
        interest: see `Match.interest`; empty while it has never been public.
        number: counts the states that were news, from 1.
        auction_id, opens_at, closes_at: of its running or coming auction, as announced; else the lot's own.
        opening_told: whether its watchers were told that it opens soon.
    """

    __tablename__ = "lot_sightings"

    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    changed_at: Mapped[datetime]
    status: Mapped[LotStatus]
    public: Mapped[bool]
    published_at: Mapped[datetime | None]
    currency: Mapped[str] = currency_code()
    price_minor: Mapped[int | None] = minor_units(optional=True)
    auction_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    opens_at: Mapped[datetime | None] = mapped_column(index=True)
    closes_at: Mapped[datetime | None]
    interest: Mapped[str] = mapped_column(String(64), default="")
    number: Mapped[int] = mapped_column(default=1)
    opening_told: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime]


class Progress(Model):
    """How far changed lots have been followed; one row.

    Attributes:
        until: every lot changed before, by the clock of whoever changed it, has been looked at.
        round: counts the steps, so that of two workers at one step only the first takes it.
    """

    __tablename__ = "watching_progress"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime]
    round: Mapped[int] = mapped_column(default=0)


class Webhook(Model):
    """Where somebody's own system wants to be told; one for each person.

    Attributes:
        secret: signs what is sent, encrypted (Fernet, the key of the installation); shown once.
        failing_since: since when nothing has arrived; None while it works.
    """

    __tablename__ = "webhooks"

    id: Mapped[uuid.UUID] = identity()
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), unique=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(300))
    set_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]


class Delivery(Model):
    """A message to somebody's own system, to send or sent.

    Attributes:
        body: JSON, as it is sent and signed.
        due_at: when to try next; a claim moves it on.
        answer: the status code of the last answer; None where there was none.
        failure: why the last attempt failed; None after one that did not.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_ended_at_due_at", "ended_at", "due_at"),)

    id: Mapped[uuid.UUID] = identity()
    webhook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"), index=True)
    webhook: Mapped[Webhook] = relationship()
    body: Mapped[str] = mapped_column(Text)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    answer: Mapped[int | None]
    failure: Mapped[Failure | None]
    ended_at: Mapped[datetime | None]
    arrived: Mapped[bool] = mapped_column(default=False)


class MailRefusal(Model):
    """Somebody who wants no mails about searches and watched lots; everything else goes on."""

    __tablename__ = "watching_mail_refusals"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    since: Mapped[datetime]
