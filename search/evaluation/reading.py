"""A folder of documents, queries and judgements, in the shape that collections are commonly shared in.

`corpus.jsonl` has one object a line with `_id`, `title` and `text`, `queries.jsonl` with `_id` and `text`;
`qrels.tsv` has a query, a document and a grade a line, parted by tabs, with or without a line of names.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.evaluation.measures import Grades

CORPUS, QUERIES, JUDGEMENTS = "corpus.jsonl", "queries.jsonl", "qrels.tsv"
BYTES_LIMIT = 512 * 1024 * 1024
DOCUMENTS_LIMIT = 200_000
QUERIES_LIMIT = 20_000
JUDGEMENTS_LIMIT = 1_000_000
ID_LIMIT = 200
QUERY_LIMIT = 10_000
GRADES = range(-10, 101)

_NAMES = ["query-id", "corpus-id", "score"]


class BadFolder(Exception):
    """The folder cannot be used: `file: line N: field: reason`."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a folder."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as read.

    Attributes:
        queries: text by id, those with a relevant document only.
        judgements: grades by document, by query.
    """

    papers: tuple[Paper, ...]
    queries: Mapping[str, str]
    judgements: Mapping[str, Grades]


def read_folder(folder: Path) -> Folder:
    """Read all three files.

    Raises:
        BadFolder: a file is missing or too large, or a line of it is not as it must be.
    """
    papers = {paper.id: paper for paper in _papers(folder / CORPUS)}
    texts = dict(_queries(folder / QUERIES))
    judgements: dict[str, dict[str, int]] = {}
    for number, (query, paper, grade) in _judgements(folder / JUDGEMENTS):
        if query not in texts:
            raise _bad(JUDGEMENTS, number, "query-id", f"{query} is not in {QUERIES}")
        if paper not in papers:
            raise _bad(JUDGEMENTS, number, "corpus-id", f"{paper} is not in {CORPUS}")
        if judgements.setdefault(query, {}).setdefault(paper, grade) != grade:
            raise _bad(JUDGEMENTS, number, "score", f"another one for {query} and {paper} stands above")
    wanted = {
        query: text for query, text in texts.items() if max(judgements.get(query, {"": 0}).values()) > 0
    }
    if not wanted:
        raise BadFolder(f"{JUDGEMENTS}: no query has a relevant document")
    return Folder(tuple(papers.values()), wanted, judgements)


def _papers(file: Path) -> Iterator[Paper]:
    for number, row, name in _objects(file, DOCUMENTS_LIMIT):
        title = row.get("title") or ""
        yield Paper(name, _text(file, number, "title", title), _text(file, number, "text", row.get("text")))


def _queries(file: Path) -> Iterator[tuple[str, str]]:
    for number, row, name in _objects(file, QUERIES_LIMIT):
        text = _text(file, number, "text", row.get("text")).strip()
        if not text or len(text) > QUERY_LIMIT:
            raise _bad(file.name, number, "text", f"must have 1 to {QUERY_LIMIT} characters")
        yield name, text


def _objects(file: Path, most: int) -> Iterator[tuple[int, dict[str, Any], str]]:
    """The objects of a file with their line and id; every id is another one."""
    seen: set[str] = set()
    for number, line in _lines(file, most):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _bad(file.name, number, "", f"is not JSON ({type(error).__name__})") from None
        if not isinstance(row, dict):
            raise _bad(file.name, number, "", "is not an object")
        name = row.get("_id")
        if not isinstance(name, str) or not 0 < len(name) <= ID_LIMIT:
            raise _bad(file.name, number, "_id", f"must be a string of 1 to {ID_LIMIT} characters")
        if name in seen:
            raise _bad(file.name, number, "_id", f"{name} stands above already")
        seen.add(name)
        yield number, row, name


def _judgements(file: Path) -> Iterator[tuple[int, tuple[str, str, int]]]:
    for number, line in _lines(file, JUDGEMENTS_LIMIT):
        fields = line.split("\t")
        if number == 1 and fields == _NAMES:
            continue
        if len(fields) != len(_NAMES):
            raise _bad(file.name, number, "", f"must have {len(_NAMES)} fields parted by tabs")
        query, paper, written = fields
        if not written.removeprefix("-").isdecimal() or len(written) > 4 or int(written) not in GRADES:
            raise _bad(file.name, number, "score", f"must be a whole number, {GRADES[0]} to {GRADES[-1]}")
        yield number, (query, paper, int(written))


def _lines(file: Path, most: int) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers from 1."""
    if not file.is_file():
        raise BadFolder(f"{file.name}: is not in the folder")
    if file.stat().st_size > BYTES_LIMIT:
        raise BadFolder(f"{file.name}: has more than {BYTES_LIMIT} bytes")
    count = 0
    with file.open("rb") as raw_lines:
        for number, raw in enumerate(raw_lines, 1):
            try:
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip("\r\n")
            except UnicodeDecodeError:
                raise _bad(file.name, number, "", "is not UTF-8") from None
            if line.strip():
                count += 1
                if count > most:
                    raise _bad(file.name, number, "", f"is beyond the limit of {most}")
                yield number, line


def _text(file: Path, number: int, field: str, value: object) -> str:
    if not isinstance(value, str):
        raise _bad(file.name, number, field, "must be a string")
    return value


def _bad(file: str, number: int, field: str, reason: str) -> BadFolder:
    return BadFolder(
        f"{file}: line {number}: {field}: {reason}" if field else f"{file}: line {number}: {reason}"
    )
