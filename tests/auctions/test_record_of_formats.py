"""The record of every format: scenarios are played through the database and their records checked."""

import os
from pathlib import Path

import pytest
from flask import Flask

from auctions.models import Auction
from auctions.record.form import parse
from auctions.record.frames import frames
from auctions.record.rerun import rerun
from auctions.record.writing import write_record
from auctions.rules import Outcome, State
from auctions.scenarios import through_database as rehearsal
from auctions.scenarios.scenario import load
from marketplace.clock import FixedClock
from marketplace.db import atomic

from .records import failed

ALL = sorted((Path(__file__).parent / "scenarios").glob("*.json"))


def scenarios() -> list[Path]:
    """The two with most events of each format; all of them in a soak."""
    if os.environ.get("SOAK"):
        return ALL
    by_format: dict[str, list[tuple[int, Path]]] = {}
    for path in ALL:
        read = load(path)
        by_format.setdefault(read.terms.auction_format, []).append((len(read.events), path))
    return [path for found in by_format.values() for _, path in sorted(found)[-2:]]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_record_of_every_format_holds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    end = rehearsal._Stage.end

    def end_and_record(stage: rehearsal._Stage, fixed: FixedClock) -> State:
        state = end(stage, fixed)
        if state.outcome is not Outcome.OPEN:
            with atomic() as session:
                auction = session.get_one(Auction, stage.auction_id)
                written.append(write_record(session, auction, "luochui-test"))
        return state

    monkeypatch.setattr(rehearsal._Stage, "end", end_and_record)
    for path in scenarios():
        rehearsal.run_through_database(load(path))
        if written:
            assert failed(written[-1]) == set(), path.name
            record = parse(written.pop())
            assert len(frames(record, rerun(record))) == len(record.entries)
