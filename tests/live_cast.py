"""A live auction with its cast, each with a client that has signed in."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from builders import BOTH, a_lot, a_person, actor_for, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient

from auctions import service
from auctions.models import Auction, JournalEntry, Registration
from auctions.rules import Action
from marketplace import clock
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution, Person


@dataclass(frozen=True)
class Somebody:
    """A person, as the rules see one and with a browser."""

    person: Person
    institution: Institution
    actor: Actor
    client: FlaskClient

    def signs_in(self) -> None:
        """Again, once the clock has moved so far that the last time no longer counts."""
        signed_in(self.client, self.person)


@dataclass(frozen=True)
class Stage:
    """An auction under the open pack: start 100,000.00, raise 1,000.00, deposit 10,000.00 CNY."""

    auction: Auction
    lot: Lot
    alice: Somebody
    olga: Somebody
    carol: Somebody
    dave: Somebody
    registrations: dict[str, Registration]

    @property
    def url(self) -> str:
        return f"/auctions/{self.auction.id}"

    def bid(self, who: Somebody, amount: str, action: Action = Action.BID) -> JournalEntry:
        """A bid through the service."""
        with atomic() as session:
            return service.place(session, who.actor, self.auction.id, action, amount, uuid.uuid4().hex)

    def everybody_signs_in(self) -> None:
        for who in (self.alice, self.olga, self.carol, self.dave):
            who.signs_in()

    def closes(self, clock_: FixedClock) -> None:
        """A day passes, and the auction is closed."""
        clock_.advance(hours=25)
        with atomic() as session:
            assert service.close_due(session)
        self.everybody_signs_in()

    def alias(self, name: str) -> str:
        return self.registrations[name].alias


def somebody(app: Flask, kind: InstitutionKind, name: str, company: str) -> Somebody:
    with atomic() as session:
        institution = an_institution(session, kind, company)
        person = a_person(session, institution, name, BOTH)
        actor = actor_for(person, institution)
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    return Somebody(person, institution, actor, signed_in(client, person))


def a_stage(
    app: Flask, clock_: FixedClock, hours: int | None = 24, *, opened: bool = True, **lot_changes: Any
) -> Stage:
    """The auction announced, Carol and Dave registered with their deposits held, and, usually, opened."""
    alice = somebody(app, InstitutionKind.BANK, "Alice", "Bank of Taishan")
    olga = somebody(app, InstitutionKind.OPERATOR, "Olga", "Luochui Operations")
    carol = somebody(app, InstitutionKind.BUYER, "Carol", "Carol Carbon Works")
    dave = somebody(app, InstitutionKind.BUYER, "Dave", "Dave Dynamics")
    changes: dict[str, Any] = {
        "rule_pack": "open",
        "reserve_minor": 12_345_600,
        "published_at": clock.now() - timedelta(days=40),
        "options": {"proxy": True},
    }
    with atomic() as session:
        lot = a_lot(session, alice.institution, **(changes | lot_changes))
        opens_at = clock.now() + timedelta(hours=1)
        closes_at = None if hours is None else opens_at + timedelta(hours=hours)
        auction = service.schedule(session, alice.actor, lot.id, opens_at, closes_at)
        registrations = {}
        for name, who in (("carol", carol), ("dave", dave)):
            registration = service.register(session, who.actor, auction.id)
            service.set_deposit_held(session, registration.id, True)
            registrations[name] = registration
    if opened:
        clock_.advance(hours=1)
        with atomic() as session:
            service.open_due(session)
    stage = Stage(auction, lot, alice, olga, carol, dave, registrations)
    stage.everybody_signs_in()
    return stage
