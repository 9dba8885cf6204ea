"""A scenario through the stored auction, its service and its clock, in a scratch database of its own."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.orm import Session

from auctions import service
from auctions.models import Auction, JournalEntry, Registration
from auctions.rules import CONTROL, Action, Event, Outcome, State
from auctions.scenarios.scenario import Run, Scenario
from auctions.scenarios.stand_ins import StandIn, appoint_officer, open_if_awaited
from auctions.sealing.rules import SEALED
from auctions.service.closing import record_decline
from auctions.service.scheduling import add_auction
from auctions.written.state_json import read_state
from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.config import Config
from marketplace.db import TRANSACTIONS_BIND, atomic, db
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus

_BEFORE = timedelta(days=365)
_AFTER = timedelta(seconds=1)


def run_through_database(scenario: Scenario) -> Run:
    """Decide every event by the service, as the doors would, on a clock that the scenario moves."""
    fixed = FixedClock(scenario.terms.opens_at - _BEFORE)
    with scratch_application(), clock.use(fixed):
        with atomic() as session:
            stage = _Stage(session, scenario)
        decisions = []
        for number, event in enumerate(scenario.events):
            fixed.move_to(event.at)
            with atomic() as session:
                stage.tick(session)
                decisions.append(stage.act(session, number, event).decision)
        state = stage.end(fixed)
        return Run(tuple(decisions), state)


@contextmanager
def scratch_application() -> Iterator[None]:
    """An application of its own over an SQLite file in a temporary folder, gone afterwards."""
    settings: Config = current_app.extensions["settings"]
    with tempfile.TemporaryDirectory(prefix="luochui-rehearsal-") as folder:
        scratch = Flask("rehearsal")
        urls = [f"sqlite:///{Path(folder) / name}.sqlite" for name in ("marketplace", "transactions")]
        scratch.config["SQLALCHEMY_DATABASE_URI"] = urls[0]
        scratch.config["SQLALCHEMY_BINDS"] = {TRANSACTIONS_BIND: urls[1]}
        scratch.extensions["settings"] = replace(settings, home=Path(folder), database_url=urls[0])
        db.init_app(scratch)
        with scratch.app_context():
            _forgo_durability()
            db.create_all()
            try:
                yield
            finally:
                db.session.remove()
                for engine in db.engines.values():
                    engine.dispose()


def _forgo_durability() -> None:
    """Nothing in the scratch database outlives the run, so nothing waits for the disk."""
    for engine in db.engines.values():
        connection = engine.raw_connection()
        connection.cursor().execute("PRAGMA synchronous = OFF")
        connection.close()


def _tick(session: Session) -> None:
    """What the worker would have done by now."""
    while service.open_due(session):
        pass
    while service.close_due(session):
        pass


class _Stage:
    """The cast and the auction of a scenario as rows."""

    def __init__(self, session: Session, scenario: Scenario) -> None:
        bank = _institution(session, InstitutionKind.BANK)
        operator = _institution(session, InstitutionKind.OPERATOR)
        self.operator = _actor(operator)
        self.officers: tuple[StandIn, ...] = ()
        if scenario.terms.auction_format == SEALED:
            self.officers = (appoint_officer(session, bank), appoint_officer(session, operator))
        lot = Lot(
            institution_id=bank.id,
            reference="rehearsal",
            title=scenario.name,
            status=LotStatus.PUBLISHED,
            currency=scenario.terms.currency,
            rule_pack=scenario.terms.pack.name,
            rule_pack_version=scenario.terms.pack.version,
            drafted_at=clock.now(),
            published_at=clock.now(),
            changed_at=clock.now(),
        )
        session.add(lot)
        session.flush()
        self.auction_id = add_auction(session, lot, scenario.terms, attempt=1).id
        self.actors: dict[str, Actor] = {}
        for bidder in scenario.bidders.values():
            buyer = _institution(session, InstitutionKind.BUYER)
            self.actors[bidder.id] = _actor(buyer)
            session.add(
                Registration(
                    auction_id=self.auction_id,
                    institution_id=buyer.id,
                    alias=bidder.id,
                    priority_order=bidder.priority_order,
                    admitted=bidder.admitted,
                    barred=bidder.barred[:100],
                    deposit_held=bidder.deposit_held,
                    registered_at=clock.now(),
                )
            )

    def tick(self, session: Session) -> None:
        """What the worker, and where bids are sealed the officers, would have done by now."""
        _tick(session)
        open_if_awaited(session, self.officers, self.auction_id)

    def act(self, session: Session, number: int, event: Event) -> JournalEntry:
        """Give one event to the verb a door would call."""
        if event.action in CONTROL:
            seconds = event.amount
            act = (self.auction_id, event.action, "scenario", seconds)
            return service.control(session, self.operator, *act)
        actor = self.actors[event.bidder or ""]
        if event.action is Action.DEFAULT:
            return service.record_default(session, self.auction_id, actor.institution_id)
        if event.action is Action.DISQUALIFY:
            return service.disqualify(
                session, self.operator, self.auction_id, actor.institution_id, "scenario"
            )
        if event.action is Action.DECLINE:
            return record_decline(session, self.auction_id, actor.institution_id)
        key = f"scenario-event-{number}"
        return service.place(session, actor, self.auction_id, event.action, event.amount, key)

    def end(self, fixed: FixedClock) -> State:
        """Let all time pass, stage by stage, and read the state that is stored then."""
        before: object = None
        while True:
            with atomic() as session:
                auction = session.get_one(Auction, self.auction_id)
                moments = (auction.closes_at or auction.due_at, auction.last_event_at, auction.opens_at)
                fixed.move_to(max(moment for moment in moments if moment is not None) + _AFTER)
                self.tick(session)
                if auction.outcome is not Outcome.OPEN or auction.state == before:
                    return read_state(auction.state)
                before = auction.state


def _institution(session: Session, kind: InstitutionKind) -> Institution:
    name = f"{kind} {uuid.uuid4()}"
    institution = Institution(
        kind=kind,
        status=InstitutionStatus.VERIFIED,
        name=name,
        registration_number=name[-36:],
        registered_at=clock.now(),
        verified_at=clock.now(),
    )
    session.add(institution)
    session.flush()
    return institution


def _actor(institution: Institution) -> Actor:
    return Actor(uuid.uuid4(), institution.id, institution.kind, frozenset(Role), verified=True)
