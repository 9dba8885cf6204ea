"""Cases 1, 4 and 20 on PostgreSQL, each with real threads: one winner, one sale, one close."""

import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from builders import a_mandate, an_actor, an_institution
from flask import Flask
from live_cast import Somebody, Stage, a_stage, somebody
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions import invariants, queries, service
from auctions.models import JournalEntry
from auctions.rules import Action, Outcome
from marketplace.access import InstitutionKind
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.deals.models import Deal
from marketplace.deals.service import offers
from marketplace.errors import Conflict
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from payments import service as payments
from payments.models import Payment

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", [pytest.param("postgresql")], indirect=True),
]

CROWD = 50
DUTCH: dict[str, Any] = {
    "auction_format": "dutch",
    "increment_minor": None,
    "reserve_minor": None,
    "options": {"step": "1000.00", "interval_seconds": 60, "steps": 10},
    "hours": None,
}


@pytest.fixture(autouse=True)
def many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody its own connection, so that the database's lock decides and not the pool's."""
    wide = {"pool_size": CROWD + 5, "connect_args": {"options": "-c lock_timeout=30s -c timezone=UTC"}}
    monkeypatch.setattr("marketplace.db.engine_options", lambda _url: wide)


def at_once(app: Flask, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What the acts return, each begun in its own thread when all of them stand ready."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait()
            return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        answers = list(threads.map(run, acts))
    db.session.rollback()
    db.session.expire_all()
    return answers


def post(who: Somebody, stage: Stage, action: str, amount: str) -> Callable[[], int]:
    """A bid over HTTP; what it is answered with."""
    body = {"action": action, "amount": amount, "idempotency_key": uuid.uuid4().hex}
    address = f"/api{stage.url}/bids"  # read before the threads start: none may load the stage's auction
    return lambda: who.client.post(address, json=body).status_code


def elsewhere(who: Somebody, stage: Stage, action: str, amount: str) -> Callable[[], int]:
    """The same as another web process asks, whose bids do not stand in this one's line."""

    def act() -> int:
        try:
            decision = stage.bid(who, amount, Action(action)).decision
        finally:
            db.session.remove()
        return 201 if decision == queries.ACCEPTED else 422

    return act


def all_of(people: Sequence[Somebody], stage: Stage, action: str, amount: str) -> list[Callable[[], int]]:
    """Every other one over HTTP, the rest as from another process."""
    return [(post, elsewhere)[turn % 2](who, stage, action, amount) for turn, who in enumerate(people)]


def crowd(app: Flask, stage: Stage) -> list[Somebody]:
    """As many bidders as there are threads, registered."""
    people = [somebody(app, InstitutionKind.BUYER, "Bidder", f"Works {n}") for n in range(CROWD)]
    with atomic() as session:
        for who in people:
            registration = service.register(session, who.actor, stage.auction.id)
            service.set_deposit_held(session, registration.id, True)
    return people


def count(session: Session, model: Any, *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def whole(session: Session) -> None:
    assert [name for name, question in invariants.CHECKS if question(session)] == []


def test_case_01_two_bids_at_one_price_have_one_winner(app: Flask, clock: FixedClock) -> None:
    """Two bids read the same high bid, both won, and the one displaced was refunded twice."""
    stage = a_stage(app, clock)
    people = crowd(app, stage)
    for amount in ("100000.00", "101000.00", "102000.00"):
        answers = at_once(app, all_of(people, stage, "bid", amount))
        assert sorted(answers) == [201] + [422] * (CROWD - 1)
    with atomic() as session:
        kept = [entry for entry, _ in queries.journal_of(session, stage.auction.id)]
        assert [entry.sequence for entry in kept] == list(range(1, 3 * CROWD + 1))
        accepted = [entry.amount_minor for entry in kept if entry.decision == queries.ACCEPTED]
        assert accepted == [10_000_000, 10_100_000, 10_200_000]
        outbid = count(session, Notice, Notice.kind == NoticeKind.OUTBID)
        displaced = [entry.registration_id for entry in kept if entry.decision == queries.ACCEPTED]
        assert outbid == sum(one != other for one, other in pairwise(displaced))
        whole(session)


def test_case_04_two_who_take_one_price_make_one_sale(app: Flask, clock: FixedClock) -> None:
    """Two who bought now at the same moment both got the lot."""
    stage = a_stage(app, clock, **DUTCH)
    people = crowd(app, stage)[:20]
    answers = at_once(app, all_of(people, stage, "take", "100000.00"))
    assert sorted(answers) == [201] + [422] * 19
    with atomic() as session:
        assert (count(session, Deal), count(session, Notice, Notice.kind == NoticeKind.AUCTION_WON)) == (1, 1)
        whole(session)


@pytest.mark.parametrize("turn", range(3))
def test_case_04_of_a_bid_and_a_sale_by_offer_one_stands(app: Flask, clock: FixedClock, turn: int) -> None:
    """A lot was sold at a fixed price while a bid on it landed."""
    stage = a_stage(app, clock, opened=False)
    approve = approval(stage)
    clock.advance(hours=1)

    def bid() -> str:
        return stage.bid(stage.carol, "100000.00").decision

    decision, conflict = at_once(app, [bid, approve])
    assert (decision, conflict) in {("accepted", "409"), ("refused:closed", "")}
    with atomic() as session:
        auction = queries.find_auction(session, stage.auction.id)
        assert (auction.outcome, count(session, Deal)) == (
            (Outcome.OPEN, 0) if conflict else (Outcome.CANCELLED, 1)
        )
        whole(session)


def approval(stage: Stage) -> Callable[[], str]:
    """An offer for the lot that its bank has only to approve; answers with the status of a refusal."""
    with atomic() as session:
        agency, buyer = (
            an_institution(session, kind) for kind in (InstitutionKind.AGENCY, InstitutionKind.BUYER)
        )
        approver = an_actor(session, InstitutionKind.BANK, institution=session.merge(stage.alice.institution))
        offer = offers.make(
            session,
            an_actor(session, InstitutionKind.AGENCY, institution=agency),
            mandate_id=a_mandate(session, agency, buyer).id,
            lot_id=stage.lot.id,
            price_minor=13_000_000,
            expires_at=stage.auction.opens_at + timedelta(days=1),
        )
        offers.accept(session, stage.alice.actor, offer.id)
        offer_id = offer.id

    def approve() -> str:
        try:
            with atomic() as session:
                offers.approve(session, approver, offer_id)
        except Conflict as refused:
            return str(refused.status)
        return ""

    return approve


def drained(job: Callable[[Session], bool]) -> Callable[[], None]:
    """What a worker does: the job until nothing is due."""

    def work() -> None:
        for _ in range(20):
            with atomic() as session:
                done = not job(session)
            if done:
                return
        raise AssertionError("never at rest")

    return work


def test_case_20_the_close_run_by_many_workers_happens_once(app: Flask, clock: FixedClock) -> None:
    """The closing job ran twice: two mails to the winner, and two bills."""
    stage = a_stage(app, clock, reserve_minor=None)
    stage.bid(stage.carol, "100000.00")
    stage.bid(stage.dave, "120000.00")
    clock.advance(hours=25)
    for job in (service.close_due, payments.prepare_balances):
        at_once(app, [drained(job)] * 8)
    with atomic() as session:
        (deal,), (payment,) = session.scalars(select(Deal)), session.scalars(select(Payment))
        assert (deal.buyer_id, payment.amount_minor) == (stage.dave.institution.id, 12_000_000)
        for kind in (NoticeKind.AUCTION_WON, NoticeKind.AUCTION_LOST, NoticeKind.PAYMENT_DUE):
            assert count(session, Notice, Notice.kind == kind) == 1, kind
        assert count(session, AuditEntry, AuditEntry.act == "auctions.close") == 1
        assert count(session, JournalEntry, JournalEntry.action != Action.BID) == 0
        whole(session)
    assert db.session.scalar(select(func.count()).select_from(Payment)) == 1
