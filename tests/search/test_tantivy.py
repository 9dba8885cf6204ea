"""What only the engine on tantivy does: documents asked for by id, memory, files, processes."""

import multiprocessing
import random
import shutil
from functools import partial
from pathlib import Path

import pytest
from engine_documents import document, found, of_round

from search.engines import (
    All,
    Between,
    Document,
    Either,
    Everything,
    Near,
    Node,
    Phrase,
    Prefix,
    Request,
    Term,
    Without,
)
from search.engines.oracle import OracleEngine
from search.engines.tantivy import TantivyEngine, pages, places
from search.engines.tantivy.pages import constant
from search.engines.tantivy.remembering import Memory


def test_what_a_writer_killed_before_its_commit_has_left_is_in_nobodys_way(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path / "index")
    engine.rebuild(of_round(1, 2_000))
    folder = engine.folders.current()
    shutil.copytree(folder, tmp_path / "before")
    engine.upsert(of_round(2, 50))
    engine.commit()
    deletions = list(folder.glob("*.del"))
    for path in (tmp_path / "before").iterdir():
        if path.name == "meta.json" or not (folder / path.name).exists():
            shutil.copy(path, folder)
    after = TantivyEngine(tmp_path / "index")
    assert set(after.versions().values()) == {"1"}
    after.upsert(of_round(3, 50))
    after.commit()
    assert deletions
    assert sorted(after.versions().values()) == ["1"] * 1_950 + ["3"] * 50


@pytest.mark.parametrize("few", [2, 1000])
def test_phrases_and_nearness_remembered_or_not_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(places, "FEW", few)
    monkeypatch.setattr(places, "FREQUENT", 0)
    chance, words = random.Random(few), "abcdefgh"
    documents = [document(f"{n}", " ".join(chance.choices(words, k=12))) for n in range(60)]
    oracle, engine = OracleEngine(), TantivyEngine(tmp_path)
    oracle.rebuild(documents)
    engine.rebuild(documents)
    for _ in range(40):
        first, second = (tuple(chance.choices(words, k=chance.choice([1, 2, 2]))) for _ in range(2))
        near = Near(first, second, chance.randrange(6), ordered=chance.random() < 0.5)
        for node in (near, Phrase((*first, *second)), Without(Term("grams", "a"), near)):
            for _again in range(2):
                request = Request(node, limit=100, seconds=60)
                assert set(found(engine, node, limit=100)) == set(found(oracle, node, limit=100)), node
                assert engine.search(request).facets == oracle.search(request).facets


def test_pages_of_many_equal_scores_fetch_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_MARGIN", 1)
    engine = TantivyEngine(tmp_path)
    ids = [f"{number:03}" for number in range(200)]
    engine.rebuild(document(name, "same words") for name in reversed(ids))
    node = Either((Term("grams", "same"), Term("grams", "words")))
    assert [name for start in range(0, 200, 7) for name in found(engine, node, offset=start, limit=7)] == ids


@pytest.mark.parametrize(
    ("node", "score"),
    [
        (Everything(), 0.0),
        (Between("price"), 0.0),
        (Prefix("a", 0.5), 0.5),
        (Term("status", "sold", 2.0), 2.0),
        (Term("grams", "a"), None),
        (Phrase(("a", "b")), None),
        (All((Prefix("a"), Term("classes", "H", 2.0))), 3.0),
        (All((Prefix("a"), Term("grams", "a"))), None),
        (Either((Prefix("a"),)), 1.0),
        (Either((Prefix("a"), Prefix("b"))), None),
        (Without(Prefix("a"), Term("grams", "a")), 1.0),
    ],
)
def test_scores_known_beforehand(node: Node, score: float | None) -> None:
    assert constant(node) == score


@pytest.mark.parametrize("gap", [0, 1, 49, 50, 51, 1000, 10**9])
def test_gaps_of_any_length_are_kept(tmp_path: Path, gap: int) -> None:
    engine = TantivyEngine(tmp_path)
    tokens = (("x", 7), ("y", 8), ("z", 9 + gap), ("w", 10 + gap), ("x", 11 + gap))
    engine.rebuild([Document("a", "1", {"grams": tokens})])
    for node in (Phrase(("x", "y")), Phrase(("z", "w", "x")), Near(("y",), ("z",), gap)):
        assert found(engine, node) == ["a"]
    assert found(engine, Phrase(("y", "z"))) == (["a"] if gap == 0 else [])
    assert gap == 0 or found(engine, Near(("y",), ("z",), gap - 1)) == []


def test_memory_keeps_the_last_questions() -> None:
    memory: Memory[int] = Memory(2)
    asked: list[str] = []

    def find(key: str) -> int:
        asked.append(key)
        return len(asked)

    answers = [memory.get(key, partial(find, key)) for key in ("a", "b", "a", "c", "b", "a")]
    assert asked == ["a", "b", "c", "a"]
    assert answers == [1, 2, 1, 3, 2, 4]


def test_files_do_not_pile_up_when_two_write_in_turn(tmp_path: Path) -> None:
    """Another project's index grew two hundredfold because its writers kept old views of it."""
    writers = [TantivyEngine(tmp_path), TantivyEngine(tmp_path)]
    writers[0].rebuild(document(f"{number}", "solar cell") for number in range(50))
    for round_number in range(30):
        writer = writers[round_number % 2]
        writer.upsert(document(f"{number}", f"round{round_number}") for number in range(10))
        writer.commit()
        assert writers[0].search(Request(Term("grams", f"round{round_number}"))).total == 10
    folder = writers[0].folders.current()
    assert len(list(folder.iterdir())) < 100
    assert sum(path.stat().st_size for path in folder.iterdir()) < 500_000


def test_a_child_of_a_process_that_has_asked_may_ask_too(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.rebuild([document("a", "solar")])
    assert found(engine, Term("grams", "solar")) == ["a"]
    engine.upsert([document("b", "solar")])
    engine.commit()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=lambda: sender.send(found(engine, Term("grams", "solar"))))
    child.start()
    assert receiver.poll(10)
    assert receiver.recv() == ["a", "b"]
    child.join(10)
    assert child.exitcode == 0


def test_counts_of_one_state_do_not_outlive_it(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.rebuild(document(f"{number}", price=number) for number in range(20))
    asked = Request(bands={"price": ((None, None),)})
    assert engine.search(asked).bands == engine.search(asked).bands == {"price": (20,)}
    engine.delete(["3"])
    engine.commit()
    assert engine.search(asked).bands == {"price": (19,)}
    assert engine.search(asked).facets["status"] == {"published": 19}
