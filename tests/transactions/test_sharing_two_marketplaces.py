"""Two marketplaces with one record: both carry sales in and take submissions, and know each other's keys."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from builders import a_lot, an_institution
from databases import Databases
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from transactions import queries, service, valuing
from transactions.log import verification
from transactions.models import Checkpoint, LogHead, TransactionRecord
from transactions.sharing.models import ContributorKey, Submission

from .contributing import API, Sender, a_contributor, ask
from .sale_builders import a_completed_deal
from .test_shared_log import _inside, neighbour  # noqa: F401 - the other marketplace, as the log's tests have it

DEALS, LINES = 2, 4


@dataclass
class Crowd:
    """Several who begin at once, and whatever they died of."""

    acts: list[Callable[[], None]]
    failures: list[BaseException] = field(default_factory=list)

    def run(self) -> list[BaseException]:
        start = Barrier(len(self.acts))
        threads = [Thread(target=self._one, args=(act, start)) for act in self.acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.failures

    def _one(self, act: Callable[[], None], start: Barrier) -> None:
        start.wait()
        try:
            act()
        except BaseException as failure:  # noqa: BLE001 - the test reports whatever a thread died of
            self.failures.append(failure)


def carry(app: Flask) -> Callable[[], None]:
    """A worker that takes everything due across."""

    def work() -> None:
        more = True
        while more:
            with _inside(app), atomic() as session:
                more = service.record_due(session)

    return work


def submit(app: Flask, sender: Sender, answers: list[Any]) -> Callable[[], None]:
    """A contributor that sends the same lines, one submission after the other."""

    def work() -> None:
        client = app.test_client()
        answers.extend(sender.send(client, sender.sale(f"line-{number}")) for number in range(LINES))

    return work


def race(app: Flask, other: Flask, sender: Sender) -> tuple[list[BaseException], list[Any]]:
    answers: list[Any] = []
    acts = [carry(app), carry(other), submit(app, sender, answers), submit(other, sender, answers)]
    return Crowd(acts).run(), answers


def a_registered_pair() -> Sender:
    """Both marketplaces in the register, with the keys they sign by; and one more who contributes."""
    a_contributor("luochui-test", seed=bytes(range(32)))
    a_contributor("neighbour", seed=bytes(32))
    return a_contributor()


def test_both_write_at_once_into_one_log_and_see_each_other(
    app: Flask,
    neighbour: Flask,  # noqa: F811
    session: Session,
    clock: FixedClock,
) -> None:
    sender = a_registered_pair()
    for marketplace in (app, neighbour):
        with _inside(marketplace), atomic() as writing:
            for _ in range(DEALS):
                a_completed_deal(writing)
    failures, answers = race(app, neighbour, sender)
    assert failures == []
    assert sorted(answer.status_code for answer in answers) == [200] * LINES + [201] * LINES
    receipts = {answer.json["lines"][0]["receipt"]["record"] for answer in answers}
    assert len(receipts) == LINES
    session.rollback()
    rows = session.scalars(select(TransactionRecord).order_by(TransactionRecord.leaf_index)).all()
    assert [row.leaf_index for row in rows] == list(range(2 * DEALS + LINES))
    assert {row.source_marketplace for row in rows} == {"luochui-test", "neighbour", "hefei-exchange"}
    assert {point.signer for point in session.scalars(select(Checkpoint))} <= {"luochui-test", "neighbour"}
    feeds = []
    for marketplace in (app, neighbour):
        with _inside(marketplace):
            settings = marketplace.extensions["settings"]
            assert verification.verify_configured(db.session(), settings).problems == ()
        feeds.append(ask(marketplace.test_client(), f"{API}/feed").json["entries"])
    assert feeds[0] == feeds[1]
    clock.advance(days=1)
    assert (
        _sources_compared_with(app)
        == _sources_compared_with(neighbour)
        == {
            "luochui-test",
            "neighbour",
            "hefei-exchange",
        }
    )


def _sources_compared_with(app: Flask) -> set[str]:
    """From which marketplaces a lot of this one finds its comparables and what it rejects."""
    with _inside(app):
        with atomic() as writing:
            lot_id = a_lot(writing, an_institution(writing, InstitutionKind.BANK)).id
        views = valuing.value_lot(db.session(), db.session().get_one(Lot, lot_id)).views
        return {view.facts.source_marketplace for view in views.values()}


def test_the_register_knows_who_may_sign(
    app: Flask,
    neighbour: Flask,  # noqa: F811
    session: Session,
    clock: FixedClock,
) -> None:
    """A checkpoint that was signed with a key after its revocation is found."""
    sender = a_registered_pair()
    assert sender.send(neighbour.test_client(), sender.sale("1")).status_code == 201
    settings = app.extensions["settings"]

    def problems() -> str:
        session.rollback()
        found = "; ".join(verification.verify_configured(session, settings).problems)
        session.rollback()
        return found

    assert problems() == ""
    with atomic() as writing:
        key = writing.scalars(
            select(ContributorKey).where(ContributorKey.contributor.has(code="neighbour"))
        ).one()
        key.revoked_at = clock() + timedelta(hours=1)
    assert problems() == ""
    clock.advance(hours=2)
    assert sender.send(neighbour.test_client(), sender.sale("2")).status_code == 201
    assert "neighbour signed with a key that the register does not have, or no longer" in problems()


@pytest.mark.postgresql
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_without_the_lock_the_same_line_is_taken_twice(
    app: Flask,
    neighbour: Flask,  # noqa: F811
    databases: Databases,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The planted fault that shows the first test can fail: both read the same head and the same lines."""
    sender = a_registered_pair()
    assert sender.send(app.test_client(), sender.sale("first")).status_code == 201
    read = select(LogHead).execution_options(populate_existing=True)
    met = Barrier(2)

    def unlocked(session: Session) -> LogHead:
        head = session.scalars(read).one()
        with suppress(BrokenBarrierError):
            met.wait(timeout=5)
        return head

    monkeypatch.setattr(queries, "lock_head", unlocked)
    answers: list[Any] = []
    Crowd([submit(app, sender, answers), submit(neighbour, sender, answers)]).run()
    assert sorted(answer.status_code for answer in answers) != [200] * LINES + [201] * LINES
    session.rollback()
    assert len(session.scalars(select(Submission)).all()) <= LINES + 1
