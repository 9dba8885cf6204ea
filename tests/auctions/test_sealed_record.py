"""The record of an auction by sealed bids: the commitments, what was opened, and the rules over both."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from auctions import service
from auctions.record.form import parse
from auctions.record.frames import frames
from auctions.record.rerun import rerun
from auctions.record.writing import write_record
from auctions.rules import Action
from marketplace.clock import FixedClock
from marketplace.db import atomic

from .builders_of_sealing import auction, closed, contribute, played
from .records import failed, forgers_key, resealed, sealed_again, values
from .test_record import SCHEMA

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture(params=["first", "second"])
def record(app: Flask, clock: FixedClock, request: pytest.FixtureRequest) -> bytes:
    """650,000.00 against 600,000.00, opened by one officer of each institution."""
    sealed = played(clock, request.param)
    closed(sealed, clock)
    contribute(sealed, sealed.bank[0])
    contribute(sealed, sealed.operator[1])
    with atomic() as session:
        return write_record(session, auction(session, sealed), "luochui-test")


def test_commitments_openings_and_rules_hold(record: bytes) -> None:
    assert failed(record) == set()
    Draft202012Validator(SCHEMA).validate(values(record))
    read = parse(record)
    assert [frame.amount_minor for frame in frames(read, rerun(read))] == [
        50_000_000,
        60_000_000,
        100,
        65_000_000,
        None,
    ]


def _bid(number: int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["opened"]["bids"][number].update(changes)


FORGERIES = {
    "another amount": (_bid(0, amount="700000.00"), {"openings"}),
    "another salt": (_bid(0, salt="0" * 64), {"openings"}),
    "a bid declared invalid": (_bid(3, fault="content_broken"), {"openings", "result"}),
    "a bid left out": (lambda raw: raw["opened"]["bids"].pop(), {"openings"}),
    "another officer's key": (lambda raw: raw["opened"].update(keys={}), {"openings"}),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_opening_is_found_even_when_it_is_sealed_anew(record: bytes, forgery: str) -> None:
    raw = copy.deepcopy(values(record))
    forge, expected = FORGERIES[forgery]
    forge(raw)
    assert failed(raw) >= {"seal"} | expected
    assert failed(sealed_again(raw, forgers_key())) >= expected
    assert failed(resealed(raw, forgers_key())) >= expected


def test_bids_that_were_never_opened_stay_unknown(app: Flask, clock: FixedClock) -> None:
    sealed = played(clock)
    with atomic() as session:
        service.control(session, sealed.sale.operator, sealed.auction_id, Action.CANCEL, "withdrawn")
    with atomic() as session:
        written = write_record(session, auction(session, sealed), "luochui-test")
    assert failed(written) == set()
    assert "opened" not in values(written)
    assert not re.search(r"\b650000(00|\.00)?\b", written.decode())


def test_the_replay_shows_what_was_opened(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    sealed = played(clock)
    closed(sealed, clock)
    contribute(sealed, sealed.bank[0])
    contribute(sealed, sealed.operator[1])
    shown = client.get(f"/auctions/{sealed.auction_id}/replay").get_data(as_text=True)
    assert "650,000.00 CNY" in shown
    assert "all checks hold" in shown
