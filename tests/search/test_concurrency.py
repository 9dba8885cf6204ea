"""Several processes read while one writes; the writer may die at any moment."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engine_documents import of_round

from search.engines import Busy, Request, Term, Unavailable
from search.engines.folders import Folders
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine

ROOT = Path(__file__).resolve().parents[2]
PAIRS = 20

Embedded = type[WhooshEngine] | type[TantivyEngine]


@pytest.fixture(params=[WhooshEngine, TantivyEngine])
def embedded(request: pytest.FixtureRequest) -> Embedded:
    kind: Embedded = request.param
    return kind


# A reader asks until it is told to stop: every pair must be whole, and no answer older than the one before.
READER = """
import json, sys, time
from pathlib import Path
from search.engines import Either, Request, Term
from search.engines.KIND import CLASS
engine, stop = CLASS(Path(sys.argv[1])), Path(sys.argv[2])
reads = errors = torn = older = last = 0
while not stop.exists():
    try:
        hits = engine.search(Request(Term("grams", "all"), limit=1000)).hits
        versions = engine.versions()
    except Exception as error:
        print(repr(error), file=sys.stderr)
        errors += 1
        continue
    rounds = {versions[hit.id] for hit in hits}
    torn += len(hits) != 2 * int(sys.argv[3]) or len(rounds) != 1
    newest = max(map(int, rounds), default=0)
    older += newest < last
    reads, last = reads + 1, newest
    time.sleep(0.005)
print(json.dumps({"reads": reads, "errors": errors, "torn": torn, "older": older, "last": last}))
"""

# A writer commits round after round until it is killed.
WRITER = """
import sys
from pathlib import Path
from search.engines import Document
from search.engines.KIND import CLASS
engine, start = CLASS(Path(sys.argv[1])), int(sys.argv[2])
print("ready", flush=True)
for round_number in range(start, start + 10_000):
    places = tuple((word, place) for place, word in enumerate(["all", f"round{round_number}"]))
    engine.upsert(Document(f"d{n}", str(round_number), {"grams": places}) for n in range(int(sys.argv[3])))
    engine.rebuild(list(engine._noted.values())) if round_number % 7 == 0 else engine.commit()
"""


def started(code: str, embedded: Embedded, *arguments: object) -> subprocess.Popen[str]:
    named = code.replace("KIND", embedded.__module__.rsplit(".", 1)[1]).replace("CLASS", embedded.__name__)
    command = [sys.executable, "-c", named, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_readers_see_whole_states_in_order_while_one_writes(tmp_path: Path, embedded: Embedded) -> None:
    engine, stop = embedded(tmp_path / "index"), tmp_path / "stop"
    engine.rebuild(of_round(1, 2 * PAIRS))
    readers = [started(READER, embedded, tmp_path / "index", stop, PAIRS) for _ in range(2)]
    rounds = 0
    until = time.monotonic() + 3
    while time.monotonic() < until:
        rounds += 1
        if rounds % 9 == 0:
            engine.rebuild(of_round(rounds, 2 * PAIRS))
        else:
            engine.upsert(of_round(rounds, 2 * PAIRS))
            engine.commit()
    time.sleep(0.5)
    stop.touch()
    for reader in readers:
        output, complaints = reader.communicate(timeout=30)
        seen = json.loads(output)
        assert (seen["errors"], seen["torn"], seen["older"]) == (0, 0, 0), complaints
        assert seen["reads"] > 5
        assert seen["last"] == rounds


def test_a_writer_killed_at_any_moment_leaves_an_index_that_works(tmp_path: Path, embedded: Embedded) -> None:
    chance = random.Random(3)
    engine = embedded(tmp_path)
    engine.rebuild(of_round(1, 2 * PAIRS))
    last = 1
    for _ in range(6):
        writer = started(WRITER, embedded, tmp_path, last + 1, 2 * PAIRS)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(chance.uniform(0.05, 0.6))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        states = set(engine.versions().values())
        assert len(states) == 1
        assert len(engine.versions()) == 2 * PAIRS
        found = int(states.pop())
        assert found >= last
        last = found + 1
        engine.upsert(of_round(last, 2 * PAIRS))
        engine.commit()
        assert engine.search(Request(Term("grams", f"round{last}"))).total == 2 * PAIRS


def test_a_second_writer_is_told_and_keeps_its_notes(tmp_path: Path, embedded: Embedded) -> None:
    first, second = embedded(tmp_path), embedded(tmp_path)
    first.rebuild(of_round(1, 1))
    second.upsert(of_round(2, 1))
    with first.folders.locked(), pytest.raises(Busy):
        second.commit()
    second.commit()
    assert first.versions() == {"d0": "2"}


def test_a_rebuild_that_breaks_off_leaves_the_old_index(tmp_path: Path, embedded: Embedded) -> None:
    engine = embedded(tmp_path)
    engine.rebuild(of_round(1, 3))

    def breaking() -> object:
        yield from of_round(2, 2)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.rebuild(breaking())  # type: ignore[arg-type]
    assert set(engine.versions().values()) == {"1"}
    engine.rebuild(of_round(3, 3))
    assert set(engine.versions().values()) == {"3"}
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2


def test_an_index_of_another_layout_counts_as_none(tmp_path: Path, embedded: Embedded) -> None:
    embedded(tmp_path, "1").rebuild(of_round(1, 1))
    newer = embedded(tmp_path, "2")
    with pytest.raises(Unavailable):
        newer.versions()
    newer.rebuild(of_round(2, 1))
    assert newer.versions() == {"d0": "2"}


def test_a_pointer_may_not_lead_elsewhere(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "root", "1")
    (tmp_path / "root").mkdir()
    (tmp_path / "1-outside").mkdir()
    for name in ("../1-outside", "1-missing", ""):
        (tmp_path / "root" / "current").write_text(name)
        with pytest.raises(Unavailable):
            folders.current()


def test_a_forked_process_opens_its_own_reader(
    tmp_path: Path, embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = embedded(tmp_path)
    engine.rebuild(of_round(1, 1))
    engine.versions()
    before = engine._reader
    monkeypatch.setattr(os, "getpid", lambda: -1)
    engine.versions()
    assert engine._reader is not before
