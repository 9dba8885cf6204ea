import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from auctions import commands, invariants, service
from auctions.models import Auction, JournalEntry
from auctions.rules import Action
from auctions.scenarios.scenario import load, replay
from auctions.scenarios.through_database import run_through_database
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, opening, says_yes

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.json"))
on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def an_eventful_sale(session: Session, clock: FixedClock) -> Sale:
    """Proxies, refusals of every kind, a suspension, an extension and a default."""
    sale = a_sale(session, deposit_minor=1_000_000, options={"proxy": True}, reserve_minor=10_500_000)
    (carol, carols), (dave, _) = a_bidder(session, sale), a_bidder(session, sale)
    bid(session, carol, sale, "100000.00")
    clock.move_to(opening(sale))
    service.set_deposit_held(session, carols.id, False)
    bid(session, carol, sale, "100000.00")
    service.set_deposit_held(session, carols.id, True)
    bid(session, carol, sale, "130000.00", action=Action.PROXY)
    bid(session, dave, sale, "1e9")
    bid(session, dave, sale, "110000.00")
    service.control(session, sale.operator, sale.auction.id, Action.SUSPEND, "a fault")
    clock.advance(hours=1)
    bid(session, dave, sale, "140000.00")
    service.control(session, sale.operator, sale.auction.id, Action.RESUME, "repaired")
    clock.advance(hours=23, minutes=59)
    bid(session, dave, sale, "140000.00")
    clock.advance(days=20)
    service.close_due(session)
    service.record_default(session, sale.auction.id, dave.institution_id)
    says_yes(session, carol, sale.auction.id)
    return sale


@on_sqlite
def test_scenarios_through_the_database_give_the_same_answers(app: Flask) -> None:
    for path in SCENARIOS:
        scenario = load(path)
        assert replay(scenario, run_through_database) == replay(scenario)


@on_sqlite
def test_the_command_runs_through_the_database(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(
        commands.group, ["replay", "--through", "database", str(SCENARIOS[0])]
    )
    assert (answer.exit_code, json.loads(answer.stdout)["ok"]) == (0, True)


@on_sqlite
def test_an_exported_auction_replays(app: Flask, clock: FixedClock, tmp_path: Path) -> None:
    with atomic() as session:
        sale = an_eventful_sale(session, clock)
    runner = app.test_cli_runner()
    exported = runner.invoke(commands.group, ["export-scenario", str(sale.auction.id)])
    assert exported.exit_code == 0
    (tmp_path / "exported.json").write_text(exported.stdout, encoding="utf-8")
    scenario = load(tmp_path / "exported.json")
    assert scenario.expect["outcome"] == "sold"
    assert len([decision for decision in scenario.expect["decisions"] if "refused" in decision]) == 4
    for run in ([], ["--through", "database"]):
        again = runner.invoke(commands.group, ["replay", *run, str(tmp_path / "exported.json")])
        assert (again.exit_code, json.loads(again.stdout)["differences"]) == (0, [])


@on_sqlite
def test_an_open_or_unknown_auction_is_not_exported(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
    for auction_id, reason in ((sale.auction.id, "has not ended"), (uuid.uuid4(), "no such auction")):
        answer = app.test_cli_runner().invoke(commands.group, ["export-scenario", str(auction_id)])
        assert answer.exit_code == 2
        assert reason in answer.stderr


def broken(session: Session) -> list[str]:
    return [name for name, question in invariants.CHECKS if question(session)]


def test_the_invariants_hold_after_an_eventful_sale(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        an_eventful_sale(session, clock)
        running = a_sale(session)
        carol, _ = a_bidder(session, running)
        clock.move_to(opening(running) + timedelta(minutes=1))
        bid(session, carol, running, "100000.00")
    with atomic() as session:
        assert broken(session) == []


RECORDS = "the records of the newest auctions pass every check"

# Each fault is planted behind the ORM and its triggers, as an intruder who owns the database would.
FAULTS = {
    "an amount changed": (
        update(JournalEntry).where(JournalEntry.amount_minor == 11_000_000).values(amount="900000.00"),
        {
            "the journal is dense, ordered and chained",
            "replaying the journal gives the state",
            RECORDS,
        },
    ),
    "an entry removed": (
        delete(JournalEntry).where(JournalEntry.sequence == 3),
        {
            "the journal is dense, ordered and chained",
            "replaying the journal gives the state",
            RECORDS,
        },
    ),
    "the last entry removed": (
        delete(JournalEntry).where(JournalEntry.sequence >= 11),
        {
            "the journal is dense, ordered and chained",
            "replaying the journal gives the state",
            RECORDS,
        },
    ),
    "a moment moved": (
        update(JournalEntry).where(JournalEntry.sequence == 2).values(at=datetime(2026, 1, 1, tzinfo=UTC)),
        {
            "the journal is dense, ordered and chained",
            "replaying the journal gives the state",
            RECORDS,
        },
    ),
    "a receipt forged": (
        update(JournalEntry).where(JournalEntry.sequence == 2).values(receipt="AAAA"),
        {"every receipt verifies", RECORDS},
    ),
    "a price changed": (
        update(Auction).values(price_minor=1),
        {"columns follow the state", "a deal carries its auction's price"},
    ),
    "a deal removed": (
        delete(Deal).where(Deal.status != "defaulted"),
        {"a sold auction has one deal"},
    ),
}


@on_sqlite
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_breaks_an_invariant(app: Flask, clock: FixedClock, fault: str) -> None:
    statement, expected = FAULTS[fault]
    with atomic() as session:
        an_eventful_sale(session, clock)
    with atomic() as session:
        for change in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER IF EXISTS journal_entries_no_{change}"))
        session.execute(statement, execution_options={"synchronize_session": False})
        session.expire_all()
        assert set(broken(session)) == expected
