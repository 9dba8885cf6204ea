"""The record of an ended auction: what it holds, and that nothing in it can be changed unnoticed."""

import copy
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from auctions import commands, queries, receipts, service
from auctions.record.writing import write_record
from auctions.scenarios.recorded import NotEnded
from auctions.written.reading import Malformed
from marketplace.clock import FixedClock
from marketplace.db import atomic

from .builders_of_auctions import a_bidder, a_sale, bid, opening
from .records import failed, forgers_key, resealed, sealed_again, values
from .test_recorded import an_eventful_sale

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
pytestmark = on_sqlite

SCHEMA = json.loads((Path(commands.__file__).parent / "record" / "schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def record(app: Flask, clock: FixedClock) -> bytes:
    """Proxies, refusals of every kind, a suspension, an extension, a default, and a priority."""
    with atomic() as session:
        sale = an_eventful_sale(session, clock)
    with atomic() as session:
        return write_record(session, queries.find_auction(session, sale.auction.id), "luochui-test")


def own_fingerprint() -> str:
    return str(receipts.fingerprint(receipts.public_key_text()))


def test_a_record_holds_and_is_written_alike_each_time(app: Flask, record: bytes) -> None:
    assert failed(record) == set()
    assert failed(record, (own_fingerprint(),)) == set()
    Draft202012Validator(SCHEMA).validate(values(record))
    auction_id = uuid.UUID(values(record)["auction"])
    with atomic() as session:
        again = write_record(session, queries.find_auction(session, auction_id), "luochui-test")
    assert again == record


def test_a_record_names_nobody(app: Flask, record: bytes) -> None:
    with atomic() as session:
        found = queries.registrations_of(session, uuid.UUID(values(record)["auction"]))
        names = [one.institution.name for one in found] + [str(one.institution_id) for one in found]
    assert [name for name in names if name in record.decode()] == []


def test_an_open_auction_has_no_record(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
    with atomic() as session, pytest.raises(NotEnded):
        write_record(session, queries.find_auction(session, sale.auction.id), "luochui-test")


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return ("b" if value[:1] == "a" else "a") + value[1:] if value else "a"
    return "a" if value is None else None


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every value that is neither an object nor a list."""
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return [path]
    return [found for key, part in pairs for found in leaves(part, (*path, key))]


def put(raw: dict[str, Any], path: tuple[Any, ...], change: Callable[[Any], Any]) -> dict[str, Any]:
    copied = copy.deepcopy(raw)
    place: Any = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = change(place[path[-1]])
    return copied


def found_out(raw: dict[str, Any]) -> set[str]:
    """The checks that fail; a change that makes the file malformed is found too."""
    try:
        return failed(raw)
    except Malformed:
        return {"form"}


def test_every_field_of_every_entry_is_watched_by_more_than_the_seal(app: Flask, record: bytes) -> None:
    raw = values(record)
    for path in leaves(raw["entries"], ("entries",)):
        assert found_out(put(raw, path, changed)) - {"seal"}, path


def test_every_other_field_is_watched(app: Flask, record: bytes) -> None:
    raw = values(record)
    for path in leaves(raw):
        assert found_out(put(raw, path, changed)), path


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_found(app: Flask, record: bytes, place: int, bit: int) -> None:
    flipped = bytearray(record)
    flipped[place % (len(record) - 1)] ^= 1 << bit
    with suppress(Malformed):  # a file that cannot be read is found too
        assert failed(bytes(flipped))


def test_another_spelling_of_the_seal_is_found(app: Flask, record: bytes) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    respelled = put(
        values(record),
        ("seal", "signature"),
        lambda text: text[:-3] + letters[letters.index(text[-3]) + 1] + "==",
    )
    assert failed(respelled) == {"seal"}


def test_dropped_reordered_and_appended_entries_are_found(app: Flask, record: bytes) -> None:
    raw, count = values(record), len(values(record)["entries"])
    for number in range(count):
        dropped = {**raw, "entries": raw["entries"][:number] + raw["entries"][number + 1 :]}
        assert failed(dropped) & {"chain", "sequence"}, number
    for number in range(count - 1):
        entries = list(raw["entries"])
        entries[number], entries[number + 1] = entries[number + 1], entries[number]
        assert failed({**raw, "entries": entries}) >= {"chain", "sequence"}
    appended = [*raw["entries"], {**raw["entries"][-1], "sequence": count + 1}]
    assert failed({**raw, "entries": appended}) >= {"chain"}


def test_a_record_shortened_with_care_is_found_by_its_seal(app: Flask, record: bytes) -> None:
    raw = values(record)
    shorter = {**raw, "entries": raw["entries"][:-1], "last_hash": raw["entries"][-2]["hash"]}
    assert failed(shorter) >= {"seal", "result"}


def test_a_forged_chain_with_another_key_is_found_by_its_fingerprint(app: Flask, record: bytes) -> None:
    forged = resealed(values(record), forgers_key())
    assert failed(forged) == set()  # in itself it is whole: only the key tells
    assert failed(forged, (own_fingerprint(),)) == {"keys"}


def test_a_forger_with_the_key_still_cannot_change_what_the_rules_decide(app: Flask, record: bytes) -> None:
    raw = values(record)
    accepted = next(n for n, one in enumerate(raw["entries"]) if one["decision"] == "accepted")
    refused = put(raw, ("entries", accepted, "decision"), lambda _: "refused:below_start")
    assert "decisions" in failed(resealed(refused, forgers_key()))
    dearer = put(raw, ("result", "price"), lambda _: "999999.00")
    assert failed(resealed(dearer, forgers_key())) == {"result"}
    automatic = next(n for n, one in enumerate(raw["entries"]) if one["caused_by"] is not None)
    higher = put(raw, ("entries", automatic, "amount"), lambda _: "109000.00")
    assert "automatic_bids" in failed(resealed(higher, forgers_key()))
    milder = put(raw, ("rule_pack", "content", "payment_days", "value"), changed)
    assert failed(sealed_again(milder, forgers_key())) >= {"rule_pack"}


def test_a_secret_reserve_stays_secret_and_the_rules_still_run(app: Flask, clock: FixedClock) -> None:
    for reserve, price in ((11_111_100, "120000.00"), (99_999_900, "120000.00")):
        with atomic() as session:
            sale = a_sale(session, reserve_minor=reserve, reserve_public=False)
            carol, _ = a_bidder(session, sale)
            clock.move_to(opening(sale))
            bid(session, carol, sale, price)
            clock.advance(days=2)
            service.close_due(session)
        with atomic() as session:
            auction = queries.find_auction(session, sale.auction.id)
            written = write_record(session, auction, "luochui-test")
        assert failed(written) == set()
        assert str(reserve)[:-2] not in written.decode()
        acts_as = "120000.00" if auction.outcome == "sold" else "120000.01"
        assert values(written)["reserve"] == {"published": False, "acts_as": acts_as}
