"""The words of an index with how many documents hold each; counted with every change, so always exact."""

from collections.abc import Collection, Mapping

from psycopg import Cursor

from search.engines import PREFIX_LIMIT, Node, Prefix, TooBroad
from search.engines.postgresql.lexemes import LETTERS, lexeme
from search.engines.postgresql.ranking import leaves, terms
from search.engines.postgresql.tables import Tables


def frequencies(cursor: Cursor, tables: Tables, name: str, words: Collection[str]) -> dict[str, int]:
    """How many documents have each of these words in a field."""
    asked = {lexeme(name, word): word for word in words}
    return {asked[held]: count for held, count in _holders(cursor, tables, list(asked)).items()}


def of_field(cursor: Cursor, tables: Tables, name: str) -> list[tuple[str, int]]:
    """All words of a field with their frequencies."""
    cursor.execute(
        f"SELECT substr(lexeme, 2), holders FROM {tables.words} WHERE lexeme ^@ %s AND holders > 0",
        [LETTERS[name]],
    )
    return cursor.fetchall()


def holders_of_terms(cursor: Cursor, tables: Tables, node: Node) -> Mapping[str, int]:
    """How many documents hold each lexeme that a query scores by."""
    return _holders(cursor, tables, [lexeme(name, text) for name, text in terms(node)])


def expansions(cursor: Cursor, tables: Tables, node: Node) -> dict[str, list[str]]:
    """The lexemes that each prefix of a query stands for, by its own. Raises TooBroad."""
    found = {}
    for leaf in leaves(node, scoring=False):
        if isinstance(leaf, Prefix):
            begins = lexeme(leaf.field, leaf.text)
            found[begins] = _beginning(cursor, tables, begins)
            if len(found[begins]) > PREFIX_LIMIT:
                raise TooBroad(leaf.text)
    return found


def _beginning(cursor: Cursor, tables: Tables, begins: str) -> list[str]:
    cursor.execute(
        f"SELECT lexeme FROM {tables.words} WHERE lexeme ^@ %s AND holders > 0 LIMIT {PREFIX_LIMIT + 1}",
        [begins],
    )
    return [held for (held,) in cursor]


def _holders(cursor: Cursor, tables: Tables, asked: list[str]) -> dict[str, int]:
    if not asked:
        return {}
    cursor.execute(
        f"SELECT lexeme, holders FROM {tables.words} WHERE lexeme = ANY(%s) AND holders > 0", [asked]
    )
    return dict(cursor.fetchall())
