"""The tables of an index: in a schema of its own a pointer to the current build, and each build's tables."""

import hashlib
import re
from dataclasses import dataclass

from search.engines import NUMBER_FIELDS, POSITION_FIELDS

# Facets are kept in bundles: rows are counted once per bundle, not once per value.
BUNDLES = (
    ("status", "right_type", "channel"),
    ("technology_field",),
    ("subclass",),
    ("seller", "region"),
)
LAYOUT = "3"
"""Of these tables; a build of another one is none."""

SEPARATOR = "\x1f"
SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,40}")


def bundle_of(field: str) -> int:
    """The bundle that a facet field is in."""
    return next(number for number, fields in enumerate(BUNDLES) if field in fields)


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of the tables of one build."""

    schema: str
    build: int

    @property
    def documents(self) -> str:
        return f"{self.schema}.documents_{self.build}"

    @property
    def words(self) -> str:
        return f"{self.schema}.words_{self.build}"

    @property
    def lists(self) -> str:
        return f"{self.schema}.lists_{self.build}"

    @property
    def sets(self) -> str:
        return f"{self.schema}.sets_{self.build}"

    def create(self) -> str:
        """The statements that make the tables; indexes come after the first filling."""
        numbers = ", ".join(f"{name} bigint" for name in NUMBER_FIELDS)
        places = ", ".join(f"{name} tsvector NOT NULL" for name in POSITION_FIELDS)
        bundles = ", ".join(f"bundle_{number} int NOT NULL" for number in range(len(BUNDLES)))
        return f"""
            CREATE TABLE {self.documents} (
                number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text COLLATE "C" NOT NULL,
                version text COLLATE "C" NOT NULL, {numbers}, {bundles}, lengths int[] NOT NULL,
                marks tsvector NOT NULL, {places}) WITH (toast_tuple_target = 128);
            {self._plain_vectors()};
            CREATE TABLE {self.words} (
                lexeme text COLLATE "C" PRIMARY KEY, holders int NOT NULL, listed int NOT NULL DEFAULT 0)
                WITH (fillfactor = 80);
            CREATE TABLE {self.lists} (
                lexeme text COLLATE "C", block int, entries bytea NOT NULL, PRIMARY KEY (lexeme, block))
                WITH (fillfactor = 80);
            CREATE TABLE {self.sets} (
                id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, digest bytea UNIQUE NOT NULL,
                bundle smallint NOT NULL, content text[] NOT NULL);
        """

    def _plain_vectors(self) -> str:
        """Vectors do not compress; out of line they do not stand in the way of who reads rows."""
        columns = ("marks", *POSITION_FIELDS)
        changes = ", ".join(f"ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in columns)
        return f"ALTER TABLE {self.documents} {changes}"

    def index(self) -> str:
        """The statements that make the indexes; those of lists and words are there from the start."""
        name = f"{self.build}"
        return f"""
            SET LOCAL maintenance_work_mem = '256MB';
            CREATE UNIQUE INDEX documents_{name}_id ON {self.documents} (id);
            CREATE INDEX documents_{name}_version ON {self.documents} (version);
            CREATE INDEX documents_{name}_marks ON {self.documents}
                USING gin (marks) WITH (fastupdate = off);
        """

    def analyze(self) -> str:
        """The statement that tells the planner what there is."""
        return f"ANALYZE {self.documents}, {self.words}, {self.lists}, {self.sets}"

    def drop(self) -> str:
        """The statement that removes them."""
        return f"DROP TABLE IF EXISTS {self.documents}, {self.words}, {self.lists}, {self.sets}"


def pointer(schema: str) -> str:
    """The statements that make the schema and the pointer; under the lock, for two at once would collide."""
    return f"""
        CREATE SCHEMA IF NOT EXISTS {schema};
        CREATE SEQUENCE IF NOT EXISTS {schema}.builds;
        CREATE TABLE IF NOT EXISTS {schema}.current (
            single boolean PRIMARY KEY DEFAULT true CHECK (single),
            build bigint NOT NULL, layout text NOT NULL,
            generation bigint NOT NULL, documents bigint NOT NULL, lengths bigint[] NOT NULL);
    """


def lock_key(schema: str) -> int:
    """The number of the writers' lock."""
    return int.from_bytes(hashlib.sha256(f"luochui index {schema}".encode()).digest()[:8], signed=True)
