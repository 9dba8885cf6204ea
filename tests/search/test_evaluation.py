"""Measures against values by hand, folders good and bad, and engines beside a reference of BM25."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import bm25s
import pytest
from click.testing import CliRunner, Result
from databases import PostgresqlDatabases
from hypothesis import given
from hypothesis import strategies as st

from search import analysis
from search.engines import Engine
from search.engines.oracle import OracleEngine
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine
from search.evaluation import measures
from search.evaluation.on_command_line import command
from search.evaluation.reading import BadFolder, Folder, read_folder
from search.evaluation.running import evaluate
from search.evaluation.scratch import NoEngine, kind_of, scratch

PAPERS = Path(__file__).with_name("papers")
ENGINES: dict[str, Callable[[Path], Engine]] = {
    "oracle": lambda _: OracleEngine(),
    "whoosh": WhooshEngine,
    "tantivy": TantivyEngine,
}


def test_gain_by_hand() -> None:
    grades = {"a": 3, "b": 2, "c": 0, "d": -1}
    # DCG 2 + 3 / log2(4); best 3 + 2 / log2(3).
    assert measures.gain(["b", "x", "a"], grades, 10) == pytest.approx((2 + 1.5) / (3 + 2 / math.log2(3)))
    assert measures.gain(["a", "b"], grades, 10) == 1
    assert measures.gain(["d", "c"], grades, 10) == 0
    assert measures.gain(["x", "a"], grades, 1) == 0
    assert measures.gain(["b"], grades, 1) == pytest.approx(2 / 3)
    assert measures.gain(["a"], {"a": 0}, 10) == 0


def test_recall_and_reciprocal_rank_by_hand() -> None:
    grades = {"a": 1, "b": 2, "c": 0}
    assert measures.recall(["c", "a"], grades, 10) == 0.5
    assert measures.recall(["c", "a", "b"], grades, 2) == 0.5
    assert measures.recall([], {}, 10) == 0
    assert measures.reciprocal_rank(["c", "x", "b"], grades, 10) == pytest.approx(1 / 3)
    assert measures.reciprocal_rank(["c", "x", "b"], grades, 2) == 0


def test_mean_and_percentile_by_hand() -> None:
    assert measures.mean([1.0, 2.0, 6.0]) == 3
    assert measures.mean([]) == 0
    times = [float(number) for number in range(1, 21)]
    assert measures.percentile(times, 0.5) == 10
    assert measures.percentile(times, 0.95) == 19
    assert measures.percentile([7.0], 0.95) == 7
    assert measures.percentile([], 0.5) == 0


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-1, 3)), st.permutations("abcdefghij"))
def test_no_order_beats_the_best(grades: dict[str, int], ranked: list[str]) -> None:
    best = sorted(ranked, key=lambda one: -grades.get(one, 0))
    for depth in (1, 3, 10):
        assert 0 <= measures.gain(ranked, grades, depth) <= 1 + 1e-9
        if any(grade > 0 for grade in grades.values()):
            assert measures.gain(best, grades, depth) == pytest.approx(1)


def write(folder: Path, **changed: str) -> Path:
    """A folder of two documents with one query, one of its files as told."""
    files = {
        "corpus": '{"_id": "a", "title": "Pump", "text": "moves water"}\n{"_id": "b", "text": "电池"}\n',
        "queries": '{"_id": "1", "text": "water pump"}\n\n{"_id": "2", "text": "nobody judged this"}\n',
        "qrels": "1\ta\t1\n1\tb\t0\n",
    }
    for name, text in {**files, **changed}.items():
        (folder / f"{name}.{'tsv' if name == 'qrels' else 'jsonl'}").write_text(text, encoding="utf-8")
    return folder


def test_reading_a_folder(tmp_path: Path) -> None:
    read = read_folder(write(tmp_path, qrels="query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t0\n"))
    assert [paper.id for paper in read.papers] == ["a", "b"]
    assert read.papers[1].title == ""
    assert dict(read.queries) == {"1": "water pump"}
    assert read.judgements == {"1": {"a": 1, "b": 0}}
    assert read_folder(write(tmp_path)) == read


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("corpus", '{"_id": "a", "text": "x"}\nnot json', "corpus.jsonl: line 2: is not JSON"),
        ("corpus", "[1]", "corpus.jsonl: line 1: is not an object"),
        ("corpus", '{"text": "x"}', "corpus.jsonl: line 1: _id: must be a string"),
        ("corpus", '{"_id": 7, "text": "x"}', "corpus.jsonl: line 1: _id: must be a string"),
        ("corpus", '{"_id": "a"}', "corpus.jsonl: line 1: text: must be a string"),
        ("corpus", '{"_id": "a", "title": 3, "text": ""}', "corpus.jsonl: line 1: title: must be a string"),
        ("corpus", '{"_id": "a", "text": ""}\n' * 2, "corpus.jsonl: line 2: _id: a stands above already"),
        ("queries", '{"_id": "1", "text": " "}', "queries.jsonl: line 1: text: must have 1 to"),
        ("queries", '{"_id": "1", "text": "%s"}' % ("x" * 10_001), "queries.jsonl: line 1: text: must have"),
        ("qrels", "1 a 1", "qrels.tsv: line 1: must have 3 fields"),
        ("qrels", "1\ta\t1\nquery-id\tcorpus-id\tscore", "qrels.tsv: line 2: score: must be a whole number"),
        ("qrels", "1\ta\t0.5", "qrels.tsv: line 1: score: must be a whole number"),
        ("qrels", "1\ta\t101", "qrels.tsv: line 1: score: must be a whole number, -10 to 100"),
        ("qrels", "9\ta\t1", "qrels.tsv: line 1: query-id: 9 is not in queries.jsonl"),
        ("qrels", "1\tz\t1", "qrels.tsv: line 1: corpus-id: z is not in corpus.jsonl"),
        ("qrels", "1\ta\t1\n1\ta\t2", "qrels.tsv: line 2: score: another one for 1 and a"),
        ("qrels", "1\ta\t0", "qrels.tsv: no query has a relevant document"),
    ],
)
def test_bad_folders_are_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(BadFolder, match=said.replace("(", r"\(")):
        read_folder(write(tmp_path, **{name: text}))


def test_files_that_are_missing_too_large_or_not_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadFolder, match=r"corpus.jsonl: is not in the folder"):
        read_folder(tmp_path)
    write(tmp_path)
    (tmp_path / "queries.jsonl").write_bytes(b'\n{"_id": "\xff"}')
    with pytest.raises(BadFolder, match=r"queries.jsonl: line 2: is not UTF-8"):
        read_folder(tmp_path)
    monkeypatch.setattr("search.evaluation.reading.DOCUMENTS_LIMIT", 1)
    with pytest.raises(BadFolder, match=r"corpus.jsonl: line 2: is beyond the limit of 1"):
        read_folder(tmp_path)
    monkeypatch.setattr("search.evaluation.reading.BYTES_LIMIT", 10)
    with pytest.raises(BadFolder, match=r"corpus.jsonl: has more than 10 bytes"):
        read_folder(tmp_path)


def run(*arguments: str, **environment: str) -> Result:
    variables = {"SEARCH_URL": None, "DATABASE_URL": None, **environment}
    return CliRunner().invoke(command, arguments, env=variables)


@pytest.mark.parametrize("kind", ["whoosh", "tantivy"])
def test_the_command_needs_no_application(kind: str, tmp_path: Path) -> None:
    answer = run(str(write(tmp_path)), "--json", SEARCH_URL=f"{kind}:///nowhere")
    assert answer.exit_code == 0, answer.output
    facts = json.loads(answer.output)
    assert facts["engine"] == kind
    assert (facts["documents"], facts["queries"]) == (2, 1)
    assert (facts["ndcg_at_10"], facts["recall_at_100"], facts["mrr_at_10"]) == (1, 1, 1)
    assert facts["documents_per_second"] > 0
    assert 0 < facts["p50_ms"] <= facts["p95_ms"]
    assert "nDCG@10     1.0000" in run(str(tmp_path), "--engine", kind).output


@pytest.mark.postgresql
def test_the_command_on_postgresql(tmp_path: Path, postgresql_databases: PostgresqlDatabases) -> None:
    answer = run(
        str(write(tmp_path)),
        "--engine",
        "postgresql",
        "--json",
        DATABASE_URL=postgresql_databases.marketplace_url,
    )
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["ndcg_at_10"] == 1


def test_bad_input_ends_with_two(tmp_path: Path) -> None:
    bad = run(str(write(tmp_path, qrels="1\ta\tgood")))
    assert (bad.exit_code, "qrels.tsv: line 1: score" in bad.output) == (2, True)
    assert run(str(tmp_path / "missing")).exit_code == 2
    assert run(str(write(tmp_path)), SEARCH_URL="solr://here").exit_code == 2
    assert run(str(tmp_path), "--engine", "postgresql").exit_code == 2


@pytest.mark.postgresql
def test_a_database_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    answer = run(str(write(tmp_path)), SEARCH_URL="postgresql:///nobody_made_this?schema=x")
    assert (answer.exit_code, "cannot be reached" in answer.output) == (2, True)


def test_kinds_of_engines() -> None:
    assert kind_of({}) == "whoosh"
    assert kind_of({"SEARCH_URL": "postgresql+psycopg:///x"}) == "postgresql"
    with pytest.raises(NoEngine), scratch("postgresql", {"DATABASE_URL": "sqlite:///x"}):
        pass


def reference(folder: Folder) -> float:
    """nDCG@10 of Lucene's BM25 over the same stems, titles and texts as one."""
    ids = [paper.id for paper in folder.papers]
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index([stems(f"{paper.title}\n{paper.text}") for paper in folder.papers], show_progress=False)
    gains = []
    for query, text in folder.queries.items():
        found, _ = index.retrieve([stems(text)], k=10, show_progress=False)
        gains.append(measures.gain([ids[row] for row in found[0]], folder.judgements[query], 10))
    return measures.mean(gains)


def stems(text: str) -> list[str]:
    return [word for word, _ in analysis.words(text)]


@pytest.mark.parametrize("kind", ENGINES)
def test_engines_rank_as_well_as_the_reference(kind: str, tmp_path: Path) -> None:
    folder = read_folder(PAPERS)
    figures = evaluate(ENGINES[kind](tmp_path), folder)
    assert figures.ndcg_at_10 >= reference(folder) - 0.01
    assert figures.ndcg_at_10 > 0.95


def test_the_comparison_can_fail(tmp_path: Path) -> None:
    """With the judgements turned round, neither ranks well: the figures come from the answers."""
    folder = read_folder(PAPERS)
    ids = [paper.id for paper in folder.papers]
    turned = {
        query: dict(zip(ids, [grades.get(one, 0) for one in reversed(ids)], strict=True))
        for query, grades in folder.judgements.items()
    }
    figures = evaluate(WhooshEngine(tmp_path), Folder(folder.papers, folder.queries, turned))
    assert figures.ndcg_at_10 < 0.3
