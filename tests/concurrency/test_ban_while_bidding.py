"""A ban that is entered while its institution bids: what begins after its commit is refused."""

import threading
import uuid
from datetime import timedelta

import pytest
from builders import a_lot, an_actor, an_institution
from flask import Flask
from sqlalchemy import select

from auctions import service
from auctions.fair_play.rules.listing import ListingStatus
from auctions.fair_play.service import listing
from auctions.models import JournalEntry, Registration
from auctions.rules import Action
from marketplace import clock as system_clock
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.money import decimal_text

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", [pytest.param("postgresql")], indirect=True),
]

BEFORE, AFTER = 6, 6
START, STEP = 10_000_000, 100_000


class Race:
    """Carol bids without pause in her own thread while Olga and Otto put her on the list."""

    def __init__(self, app: Flask, clock: FixedClock) -> None:
        self.app, self.clock = app, clock
        self.some_bids, self.listed = threading.Event(), threading.Event()
        self.decisions: list[tuple[bool, str]] = []
        with atomic() as session:
            operator, bank = (
                an_institution(session, kind) for kind in (InstitutionKind.OPERATOR, InstitutionKind.BANK)
            )
            self.olga, self.otto = (
                an_actor(session, InstitutionKind.OPERATOR, institution=operator) for _ in range(2)
            )
            lot = a_lot(session, bank, rule_pack="open", reserve_minor=None, deposit_minor=None)
            seller = an_actor(session, InstitutionKind.BANK, institution=bank)
            opens_at = clock.moment + timedelta(hours=1)
            auction = service.schedule(session, seller, lot.id, opens_at, opens_at + timedelta(days=1))
            self.auction_id = auction.id
            self.carol, self.dave = (an_actor(session, InstitutionKind.BUYER) for _ in range(2))
            for actor in (self.carol, self.dave):
                service.register(session, actor, auction.id)
        clock.move_to(opens_at)
        db.session.remove()

    def run(self) -> None:
        bidding = threading.Thread(target=self._bid_on)
        bidding.start()
        assert self.some_bids.wait(30)
        with atomic() as session:
            reason, source = "Ring", "Decision 12"
            proposal = listing.propose(
                session, self.olga, self.carol.institution_id, reason=reason, source=source, days=30
            )
            listing.decide(session, self.otto, proposal.id, ListingStatus.LISTED)
        self.listed.set()
        bidding.join(60)
        assert not bidding.is_alive()

    def _bid_on(self) -> None:
        with self.app.app_context(), system_clock.use(self.clock):
            number, after = 0, 0
            while after < AFTER:
                begun_after = self.listed.is_set()
                self._bid(self.dave, START + 2 * number * STEP)
                self.decisions.append((begun_after, self._bid(self.carol, START + (2 * number + 1) * STEP)))
                number, after = number + 1, after + begun_after
                if number == BEFORE:
                    self.some_bids.set()
            db.session.remove()

    def _bid(self, actor: Actor, minor: int) -> str:
        amount = decimal_text(minor, "CNY")
        with atomic() as session:
            return service.place(
                session, actor, self.auction_id, Action.BID, amount, uuid.uuid4().hex
            ).decision


def test_no_bid_that_begins_after_the_ban_is_accepted(app: Flask, clock: FixedClock) -> None:
    race = Race(app, clock)
    race.run()
    assert {decision for after, decision in race.decisions if after} == {"refused:barred"}
    assert "accepted" in {decision for after, decision in race.decisions if not after}
    registration = db.session.scalars(select(Registration).where(Registration.barred == "listed")).one()
    own = select(JournalEntry.decision).where(JournalEntry.registration_id == registration.id)
    decisions = list(db.session.scalars(own.order_by(JournalEntry.sequence)))
    assert decisions == sorted(decisions), "accepted ones first, then only refused ones"


def test_without_the_upkeep_the_ban_would_come_too_late(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the list is right, but nobody tells the registrations."""
    monkeypatch.setattr(listing, "refresh_around", lambda _session, _nodes: 0)
    race = Race(app, clock)
    race.run()
    assert "accepted" in {decision for after, decision in race.decisions if after}
