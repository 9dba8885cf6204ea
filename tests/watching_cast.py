"""Carol who looks for batteries, Dave beside her, and a bank whose lots come and go."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from builders import a_lot, a_person, a_right, actor_for, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions import service as auctions
from auctions.models import Auction
from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.notices.models import Notice
from marketplace.outbox import Mail
from marketplace.parties.models import Person
from search.watching import invariants
from search.watching.models import Match, SavedSearch
from search.watching.rules.words import Channel, Frequency
from search.watching.service import following, searches, telling
from search.watching.service.searches import Wish

BOTH = frozenset({Role.OFFICER, Role.APPROVER})
QUERY = {"q": ["battery"]}


def as_person(app: Flask, session: Session, person_id: uuid.UUID) -> FlaskClient:
    """A browser in which the person is signed in."""
    client = signed_in(app.test_client(), session.get_one(Person, person_id))
    session.rollback()
    return client


class Stage:
    """A bank, two buyers and an agency, all verified."""

    def __init__(self) -> None:
        with atomic() as session:
            self.bank = an_institution(session, InstitutionKind.BANK)
            self.alice, _ = self._person(session, InstitutionKind.BANK, "Alice", self.bank)
            self.carol, self.carol_row = self._person(session, InstitutionKind.BUYER, "Carol")
            self.dave, self.dave_row = self._person(session, InstitutionKind.BUYER, "Dave")
            self.bob, _ = self._person(session, InstitutionKind.AGENCY, "Bob")
            self.olga, _ = self._person(session, InstitutionKind.OPERATOR, "Olga")

    def _person(
        self, session: Session, kind: InstitutionKind, name: str, institution: Any = None
    ) -> tuple[Actor, Person]:
        institution = institution or an_institution(session, kind)
        person = a_person(session, institution, name, BOTH)
        return actor_for(person, institution), person

    def lot(self, title: str = "Battery with a grid", **changes: Any) -> Lot:
        with atomic() as session:
            right = a_right(
                session, self.bank, title="Grid", abstract="", applicant="", classes=["H01M10/05"]
            )
            values = {"rule_pack": "open", "reserve_minor": None, "deposit_minor": None, **changes}
            return a_lot(session, self.bank, title=title, rights=[right], **values)

    def change(self, lot: Lot, **changes: Any) -> None:
        with atomic() as session:
            row = session.get_one(Lot, lot.id)
            for name, value in {"changed_at": clock.now(), **changes}.items():
                setattr(row, name, value)

    def hide(self, lot: Lot) -> None:
        self.change(lot, status=LotStatus.WITHDRAWN)

    def announce(self, lot: Lot, hours: int = 48) -> Auction:
        with atomic() as session:
            opens_at = clock.now() + timedelta(hours=hours)
            return auctions.schedule(session, self.alice, lot.id, opens_at, opens_at + timedelta(days=2))

    def save(self, actor: Actor | None = None, **changes: Any) -> SavedSearch:
        values: dict[str, Any] = {
            "name": "Batteries",
            "frequency": Frequency.AT_ONCE,
            "channels": frozenset({Channel.MAIL, Channel.NOTICE}),
        }
        arguments = changes.pop("arguments", QUERY)
        with atomic() as session:
            return searches.save(session, actor or self.carol, Wish(**(values | changes)), arguments)


def follow() -> int:
    """Follow all that changed; returns how many steps were taken."""
    steps = 0
    while following.follow_changes():
        steps += 1
    return steps


def tell() -> int:
    """Tell all that is due; returns how many messages were written."""
    told = 0
    for job in (following.note_opening, telling.tell_found, telling.tell_watchers):
        found = True
        while found:
            with atomic() as session:
                found = job(session)
            told += found
    return told


def matched(session: Session) -> list[str]:
    """The titles of what was found, in order."""
    session.rollback()
    rows = session.execute(
        select(Lot.title).join(Match, Match.lot_id == Lot.id).order_by(Match.at, Lot.title)
    )
    return [title for (title,) in rows]


def notices_of(person: Actor) -> list[tuple[str, str]]:
    """Kind and title of what stands in somebody's notices, the oldest first."""
    db.session.rollback()
    statement = select(Notice).where(Notice.person_id == person.person_id).order_by(Notice.at, Notice.kind)
    return [(str(notice.kind), notice.title) for notice in db.session.scalars(statement)]


def mails_to(person: Person) -> Sequence[Mail]:
    db.session.rollback()
    statement = select(Mail).where(Mail.recipient == person.email).order_by(Mail.queued_at)
    return db.session.scalars(statement).all()


def broken(session: Session) -> list[str]:
    """What the invariants find."""
    session.rollback()
    return [problem for _, question in invariants.CHECKS for problem in question(session)]
