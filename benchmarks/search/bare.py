"""The baseline: SQLite with FTS5 and a table of facets, asked for the first twenty and the number of all."""

import sqlite3
from pathlib import Path

from benchmarks.search.lots import document
from benchmarks.search.questions import Question
from search.engines import Document

_COUNTED = ("status", "right_type", "technology_field")


class Bare:
    """A database with one table of words and one of what lots are filtered and sorted by."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("CREATE VIRTUAL TABLE words USING fts5(text, content='')")
        columns = ", ".join(f"{name} TEXT" for name in _COUNTED)
        self._database.execute(f"CREATE TABLE lots (number INTEGER PRIMARY KEY, price INTEGER, {columns})")

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def fill(self, lots: int) -> None:
        """Write all lots in one transaction."""
        self._database.execute("BEGIN")
        for number in range(lots):
            made = document(number)
            facets = (next(iter(made.facets[name])) for name in _COUNTED)
            self._database.execute("INSERT INTO words(rowid, text) VALUES (?, ?)", (number, _text(made)))
            row = (number, made.numbers["price"], *facets)
            self._database.execute("INSERT INTO lots VALUES (?, ?, ?, ?, ?)", row)
        self._database.execute("COMMIT")

    def ask(self, question: Question) -> int:
        """Answer as a page needs it; counts by value only where the question filters. Returns the total."""
        source = "FROM words JOIN lots ON lots.number = words.rowid WHERE words MATCH ?"
        source += f" AND {question.where}" if question.where else ""
        found = [question.match]
        self._database.execute(
            f"SELECT words.rowid {source} ORDER BY {question.order} LIMIT 20", found
        ).fetchall()
        if question.where:
            for name in _COUNTED:
                self._database.execute(f"SELECT {name}, count(*) {source} GROUP BY {name}", found).fetchall()
        total: int = self._database.execute(f"SELECT count(*) {source}", found).fetchone()[0]
        return total

    def change(self, number: int) -> None:
        """Write one lot again."""
        text = _text(document(number))
        self._database.execute("BEGIN")
        self._database.execute(
            "INSERT INTO words(words, rowid, text) VALUES ('delete', ?, ?)", (number, text)
        )
        self._database.execute("INSERT INTO words(rowid, text) VALUES (?, ?)", (number, text))
        self._database.execute("COMMIT")


def _text(made: Document) -> str:
    return " ".join(word for word, _ in made.texts["grams"])
