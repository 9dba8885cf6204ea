"""The page on which a bank rehearses a lot: its own only, repeatable, and nothing of it is stored."""

import json
from pathlib import Path

from builders import a_lot, a_person, an_institution, signed_in
from flask import Flask
from sqlalchemy import text

from auctions.scenarios.scenario import load, replay
from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Person

RUN = "?bidders=5&lowest=80&highest=160&seed=3"


def a_draft(**changes: object) -> tuple[Lot, Person, Person]:
    """A draft, an officer of its bank, and one of another."""
    with atomic() as session:
        bank = an_institution(session, InstitutionKind.BANK)
        lot = a_lot(session, bank, status=LotStatus.DRAFTED, reserve_minor=None, rule_pack="open", **changes)
        alice = a_person(session, bank, "Alice", frozenset({Role.OFFICER}))
        other = an_institution(session, InstitutionKind.BANK)
        return lot, alice, a_person(session, other, "Mallory", frozenset({Role.OFFICER}))


def counts() -> dict[str, int]:
    """The number of rows per table, but for those that watching alone writes."""
    with db.engine.connect() as connection:
        names = [table.name for table in db.metadatas[None].sorted_tables]
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608
            for name in names
            if name not in {"sign_ins", "alembic_version"}
        }


def test_a_draft_is_rehearsed_and_nothing_is_stored(app: Flask, clock: FixedClock) -> None:
    lot, alice, _ = a_draft()
    client, before = signed_in(app.test_client(), alice), counts()
    page = client.get(f"/portfolio/lots/{lot.id}/rehearsal{RUN}")
    assert page.status_code == 200
    assert "How it ends" in page.text
    assert 'id="replay"' in page.text
    assert counts() == before
    again = client.get(f"/portfolio/lots/{lot.id}/rehearsal{RUN}&step=2")
    assert again.status_code == 200
    assert "Entry 2 of" in again.text


def test_without_choices_there_is_the_usual_run_already(app: Flask, clock: FixedClock) -> None:
    lot, alice, _ = a_draft()
    page = signed_in(app.test_client(), alice).get(f"/portfolio/lots/{lot.id}/rehearsal")
    assert (page.status_code, "How it ends" in page.text) == (200, True)


def test_the_file_replays_to_the_same(app: Flask, clock: FixedClock, tmp_path: Path) -> None:
    lot, alice, _ = a_draft()
    client = signed_in(app.test_client(), alice)
    answer = client.get(f"/portfolio/lots/{lot.id}/rehearsal.json{RUN}&pause=1&default=1")
    file = tmp_path / "rehearsal.json"
    file.write_bytes(answer.data)
    assert len(json.loads(answer.data)["events"]) > 3
    assert replay(load(file))["differences"] == []


def test_what_the_terms_lack_is_named(app: Flask, clock: FixedClock) -> None:
    lot, alice, _ = a_draft(increment_minor=None)
    page = signed_in(app.test_client(), alice).get(f"/portfolio/lots/{lot.id}/rehearsal{RUN}")
    assert page.status_code == 422
    assert "increment" in page.text


def test_numbers_out_of_range_are_refused_beside_their_field(app: Flask, clock: FixedClock) -> None:
    lot, alice, _ = a_draft()
    client = signed_in(app.test_client(), alice)
    for query in ("?bidders=21&lowest=80&highest=160&seed=3", "?bidders=x&lowest=80&highest=160&seed=3"):
        page = client.get(f"/portfolio/lots/{lot.id}/rehearsal{query}")
        assert (page.status_code, "How it ends" in page.text) == (422, False)
    assert client.get(f"/portfolio/lots/{lot.id}/rehearsal.json?bidders=0").status_code == 404


def test_another_bank_and_a_stranger_see_nothing(app: Flask, clock: FixedClock) -> None:
    lot, _, mallory = a_draft()
    assert signed_in(app.test_client(), mallory).get(f"/portfolio/lots/{lot.id}/rehearsal").status_code == 404
    assert app.test_client().get(f"/portfolio/lots/{lot.id}/rehearsal").status_code in {302, 303, 401}
