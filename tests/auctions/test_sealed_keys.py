"""Officers' keys over time: added, confirmed, rotated, expired, withdrawn; and the tool that uses them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import an_actor, an_institution
from click.testing import CliRunner
from flask import Flask

from auctions import commands, service
from auctions.rules import Action, Outcome
from auctions.scenarios.stand_ins import appoint_officer
from auctions.sealing import door, keys
from auctions.sealing.queries import envelopes, keys_in_use, keys_of
from auctions.sealing.rules import SealingReason
from auctions.service.contributing import opening_file
from marketplace import clock as now
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.parties.models import Institution

from .builders_of_auctions import a_bidder, bid, opening
from .builders_of_sealing import SealedSale, a_sealed_sale, auction, closed, contribute, played, refused

PASSPHRASE = "a passphrase of seven short words"

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def bank_of(session: Any, sealed: SealedSale) -> Institution:
    found: Institution = session.get_one(Institution, sealed.bank[0].actor.institution_id)
    return found


def withdraw(sealed: SealedSale, place: int) -> None:
    with atomic() as session:
        officer = sealed.bank[place].actor
        key = next(
            one for one in keys_of(session, officer.institution_id) if one.person_id == officer.person_id
        )
        service.withdraw_key(session, officer, key.id, "lost")


def test_without_keys_of_both_nothing_sealed_is_announced(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sealed = a_sealed_sale(session)
        lonely = an_institution(session, InstitutionKind.BANK)
    with refused(SealingReason.KEYS_MISSING), atomic() as session:
        a_sealed_sale(session, bank=lonely)
    clock.advance(days=701)
    with atomic() as session:
        assert keys_in_use(session, sealed.bank[0].actor.institution_id, clock.moment) == []


def test_a_lost_key_does_not_lose_the_bids(app: Flask, clock: FixedClock) -> None:
    sealed = played(clock)
    withdraw(sealed, 0)
    with refused(SealingReason.KEY_NEEDED, Conflict):
        withdraw(sealed, 1)
    closed(sealed, clock)
    with atomic() as session, refused(SealingReason.CONTRIBUTION_KEY):
        opening_file(session, sealed.bank[0].actor, sealed.auction_id)
    contribute(sealed, sealed.bank[1])
    contribute(sealed, sealed.operator[0])
    with atomic() as session:
        assert auction(session, sealed).outcome is Outcome.SOLD
    withdraw(sealed, 1)


def test_a_key_made_later_opens_only_what_was_locked_to_it(app: Flask, clock: FixedClock) -> None:
    """So a key cannot be slipped in afterwards, and after a rotation both generations may be needed."""
    sealed = played(clock)
    with atomic() as session:
        newer = appoint_officer(session, bank_of(session, sealed))
        erin, _ = a_bidder(session, sealed.sale)
    with atomic() as session:
        bid(session, erin, sealed.sale, "700000.00")
        boxes = [entry.sealed["shares"] for entry, _ in envelopes(session, sealed.auction_id) if entry.sealed]
    bank = str(sealed.bank[0].actor.institution_id)
    assert [len(box[bank]["boxes"]) for box in boxes] == [2, 2, 2, 2, 3]
    closed(sealed, clock)
    contribute(sealed, sealed.operator[0])
    contribute(sealed, newer)
    with atomic() as session:
        assert auction(session, sealed).outcome is Outcome.OPEN
    contribute(sealed, sealed.bank[0])
    with atomic() as session:
        assert auction(session, sealed).price_minor == 70_000_000


def test_an_expired_key_takes_no_bid_and_still_opens(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sealed = a_sealed_sale(session)
        carol, _ = a_bidder(session, sealed.sale)
    clock.move_to(opening(sealed.sale))
    with atomic() as session:
        bid(session, carol, sealed.sale, "500000.00")
    clock.advance(days=700)
    with atomic() as session:
        assert keys_in_use(session, sealed.bank[0].actor.institution_id, clock.moment) == []
    closed(sealed, clock)
    for officer in (sealed.bank[0], sealed.operator[0]):
        contribute(sealed, officer)
    with atomic() as session:
        assert auction(session, sealed).price_minor == 50_000_000


def test_a_bid_that_could_never_be_opened_is_not_taken(app: Flask, clock: FixedClock) -> None:
    with refused(SealingReason.KEYS_MISSING), atomic() as session:
        a_sealed_sale(session, opens_in=timedelta(days=701))
    with atomic() as session:
        sealed = a_sealed_sale(session)
        carol, _ = a_bidder(session, sealed.sale)
        operator = sealed.sale.operator
    clock.move_to(opening(sealed.sale))
    for days, act in ((0, Action.SUSPEND), (701, Action.RESUME)):  # until every key has expired
        clock.advance(days=days)
        with atomic() as session:
            service.control(session, operator, sealed.auction_id, act, "a fault")
    with refused(SealingReason.KEYS_MISSING), atomic() as session:
        bid(session, carol, sealed.sale, "500000.00")
    with atomic() as session:
        assert auction(session, sealed).sequence == 2


@on_sqlite
def test_nobody_fills_the_journal_of_a_sealed_auction(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_BIDS_EACH", 3)
    sealed = played(clock)
    with atomic() as session:
        erin, _ = a_bidder(session, sealed.sale)
    for _ in range(3):
        with atomic() as session:
            bid(session, erin, sealed.sale, "500000.00")
    with refused(SealingReason.TOO_MANY_ENVELOPES), atomic() as session:
        bid(session, erin, sealed.sale, "500000.00")


def test_nobody_confirms_the_own_key_or_a_foreign_one(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        bank = an_institution(session, InstitutionKind.BANK)
        alice, amy = (an_actor(session, InstitutionKind.BANK, institution=bank) for _ in range(2))
        mallory, carol = an_actor(session, InstitutionKind.BANK), an_actor(session, InstitutionKind.BUYER)
        half = json.dumps(keys.public_half(keys.make_key_file("Alice", PASSPHRASE, keys.Effort(1, 8192))))
        start = now.now()
        key = service.add_key(session, alice, half, start, start + timedelta(days=1))
        with pytest.raises(NotAllowed):
            service.confirm_key(session, alice, key.id)
        with pytest.raises(NotFound):
            service.confirm_key(session, mallory, key.id)
        with pytest.raises(NotAllowed):
            service.add_key(session, carol, half, start, start + timedelta(days=1))
        assert service.confirm_key(session, amy, key.id).fingerprint == key.fingerprint
        for days in (-1, 0, 800):
            with pytest.raises(Refused):
                service.add_key(session, alice, "A" * 43 + "=", start, start + timedelta(days=days))


@on_sqlite
def test_the_tool_makes_and_uses_a_key_without_a_database(
    app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    runner, mine, out = CliRunner(), tmp_path / "mine.json", tmp_path / "contribution.json"

    def run(*arguments: str) -> Any:
        return runner.invoke(commands.group, [*arguments, "--passphrase", PASSPHRASE])

    assert run("make-opening-key", "--holder", "Alice", "--out", str(mine)).exit_code == 0
    assert mine.stat().st_mode & 0o077 == 0
    again = run("make-opening-key", "--holder", "Alice", "--out", str(mine))
    assert (again.exit_code, "exists" in again.output) == (2, True)
    with atomic() as session:
        sealed = a_sealed_sale(session)
        bank = bank_of(session, sealed)
        alice, amy = (an_actor(session, InstitutionKind.BANK, institution=bank) for _ in range(2))
        half, start = (tmp_path / "mine.public.json").read_text(), clock.moment
        key = service.add_key(session, alice, half, start, start + timedelta(days=30))
        service.confirm_key(session, amy, key.id)
        carol, _ = a_bidder(session, sealed.sale)
    clock.move_to(opening(sealed.sale))
    with atomic() as session:
        bid(session, carol, sealed.sale, "500000.00")
    closed(sealed, clock)
    with atomic() as session:
        file = opening_file(session, alice, sealed.auction_id)
    (tmp_path / "opening.json").write_text(json.dumps(file))
    options = ("--key", str(mine), "--out", str(out))
    assert run("open-share", str(tmp_path / "nothing.json"), *options).exit_code == 2
    wrong = runner.invoke(
        commands.group, ["open-share", str(tmp_path / "opening.json"), *options, "--passphrase", "wrong"]
    )
    assert (wrong.exit_code, "passphrase is wrong" in wrong.output, out.exists()) == (2, True, False)
    assert run("open-share", str(tmp_path / "opening.json"), *options).exit_code == 0
    with atomic() as session:
        service.contribute(session, alice, sealed.auction_id, json.loads(out.read_text()))
    contribute(sealed, sealed.operator[0])
    with atomic() as session:
        assert auction(session, sealed).price_minor == 50_000_000
