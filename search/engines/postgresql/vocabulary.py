"""The words of an index with how many documents hold each; counted with every change, so always exact."""

from collections.abc import Collection, Mapping

from psycopg import Cursor

from search.engines import PREFIX_LIMIT, Node, Prefix, TooBroad
from search.engines.postgresql.lexemes import LETTERS, lexeme
from search.engines.postgresql.ranking import Held, leaves, terms
from search.engines.postgresql.tables import Tables


def frequencies(cursor: Cursor, tables: Tables, name: str, words: Collection[str]) -> dict[str, int]:
    """How many documents have each of these words in a field."""
    asked = {lexeme(name, word): word for word in words}
    return {asked[held]: of.holders for held, of in _held(cursor, tables, list(asked)).items()}


def of_field(cursor: Cursor, tables: Tables, name: str) -> list[tuple[str, int]]:
    """All words of a field with their frequencies."""
    cursor.execute(
        f"SELECT substr(lexeme, 2), holders FROM {tables.words} WHERE lexeme ^@ %s AND holders > 0",
        [LETTERS[name]],
    )
    return cursor.fetchall()


def held_terms(cursor: Cursor, tables: Tables, node: Node) -> Mapping[str, Held]:
    """By lexeme what is known of the words that a query scores by."""
    return _held(cursor, tables, [lexeme(name, text) for name, text in terms(node)])


def refuse_broad(cursor: Cursor, tables: Tables, node: Node) -> None:
    """Raise TooBroad for a prefix that stands for more than PREFIX_LIMIT lexemes."""
    for leaf in leaves(node, scoring=False):
        if isinstance(leaf, Prefix):
            cursor.execute(
                f"SELECT FROM {tables.words} WHERE lexeme ^@ %s AND holders > 0 LIMIT {PREFIX_LIMIT + 1}",
                [lexeme(leaf.field, leaf.text)],
            )
            if cursor.rowcount > PREFIX_LIMIT:
                raise TooBroad(leaf.text)


def _held(cursor: Cursor, tables: Tables, asked: list[str]) -> dict[str, Held]:
    if not asked:
        return {}
    cursor.execute(
        f"SELECT lexeme, holders, listed > 0 FROM {tables.words} WHERE lexeme = ANY(%s) AND holders > 0",
        [asked],
    )
    return {held: Held(holders, listed) for held, holders, listed in cursor}
