"""What a search engine is here: documents whose tokens are ready, a query already parsed, exact answers.

Engines analyse and parse nothing: `search.analysis` makes the tokens and `search.rules` the query, so every
engine must find the same documents. The database is the truth; an index may be thrown away at any time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from marketplace.errors import MarketplaceError

Bounds = tuple[int | None, int | None]
"""The least and the greatest number, both included; None for no bound."""

Tokens = tuple[tuple[str, int], ...]
"""Words with their positions; neighbours in the text have neighbouring positions, two words may share one."""

# Texts with positions, where phrases, prefixes and nearness are looked for: the whole, and its parts.
PHRASE_FIELD = "grams"
PART_FIELDS = ("title_grams", "abstract_grams", "claims_grams", "applicant_grams")
POSITION_FIELDS = (PHRASE_FIELD, *PART_FIELDS)
TEXT_FIELDS = (*POSITION_FIELDS, "words", "characters", "title")

# Keys match or do not: a class symbol with all that stands above it, a symbol alone, numbers in any spelling.
KEY_FIELDS = ("classes", "symbols", "numbers")
FACET_FIELDS = (
    "status", "right_type", "technology_field", "subclass", "seller", "region", "channel",
)  # fmt: skip
# Moments in seconds since 1970, days as proleptic ordinals, prices as `prices.price_key` has them.
NUMBER_FIELDS = ("price", "opens", "closes", "published", "filed", "expires")

PREFIX_LIMIT = 100
"""The most words a prefix may stand for. Unlimited prefixes are a way to stop the service."""


class Unavailable(MarketplaceError):
    """There is no index, or it is of another version, or its files are damaged: it must be rebuilt (503)."""

    status = 503


class Busy(Exception):
    """Another process is writing to the index."""


class TooBroad(Exception):
    """A prefix stands for more than PREFIX_LIMIT words; its text is the first argument."""


class TooSlow(Exception):
    """The request was given up after `Request.seconds`."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the index holds of one thing.

    Attributes:
        version: changes whenever the document may have changed.
        texts: by TEXT_FIELDS. keys: by KEY_FIELDS. facets: by FACET_FIELDS, values without spaces.
        numbers: by NUMBER_FIELDS, not negative; a field that is missing sorts last and is in no range.
    """

    id: str
    version: str
    texts: Mapping[str, Tokens] = field(default_factory=dict)
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document, with no score."""


@dataclass(frozen=True, slots=True)
class Term:
    """Documents with this word or key; BM25 in a text field, 1 in a key or facet field, times `boost`."""

    field: str
    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents with these words one after another in a field of POSITION_FIELDS; their BM25 is added."""

    texts: tuple[str, ...]
    boost: float = 1.0
    field: str = PHRASE_FIELD


@dataclass(frozen=True, slots=True)
class Near:
    """Documents with two phrases close to each other in one field; the BM25 of all their words is added.

    Attributes:
        distance: the most positions that may lie between the end of one and the start of the other; they may
            not overlap.
        ordered: the first must stand before the second.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    distance: int
    ordered: bool = False
    boost: float = 1.0
    field: str = PHRASE_FIELD


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents with a word of a field of POSITION_FIELDS that begins so; scores `boost`."""

    text: str
    boost: float = 1.0
    field: str = PHRASE_FIELD


@dataclass(frozen=True, slots=True)
class Between:
    """Documents whose number lies between the bounds, both included, None for no bound; scores nothing."""

    field: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Documents that match every part; the scores are added."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Documents that match at least one part; the scores are added."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Documents that match `wanted` and not `unwanted`; the score is the wanted part's."""

    wanted: "Node"
    unwanted: "Node"


Leaf = Term | Phrase | Near | Prefix | Between
Node = Everything | Leaf | All | Either | Without


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by a field of NUMBER_FIELDS, missing values last, or by score when `field` is None."""

    field: str | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One search.

    Attributes:
        filters: per field of FACET_FIELDS the accepted values; several values are alternatives.
        ranges: per field of NUMBER_FIELDS the least and greatest accepted value, None for no bound.
        bands: per field of NUMBER_FIELDS the ranges whose documents are to be counted.
        seconds: after which the request is given up.
    """

    node: Node = field(default_factory=Everything)
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ranges: Mapping[str, Bounds] = field(default_factory=dict)
    bands: Mapping[str, tuple[Bounds, ...]] = field(default_factory=dict)
    sort: Sort = field(default_factory=Sort)
    offset: int = 0
    limit: int = 20
    seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found; its score is 0 where the request is ordered by a number."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Response:
    """The answer.

    Attributes:
        total: exact number of matching documents.
        facets: per field, how many documents have each value when that field's own filter is lifted.
        bands: as asked, how many documents lie in each when that field's own range is lifted.
        generation: which state of the index answered.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    generation: str
    bands: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


class Engine(Protocol):
    """An index of documents. Equal scores and equal numbers are ordered by id.

    Which documents match, totals, facets, bands and visibility are the same on every engine. Scores are near
    one another only: an engine may round the length of a text and still count documents deleted a moment ago
    among those that make a word rare or frequent.
    """

    def upsert(self, documents: Iterable[Document]) -> None:
        """Take note of documents to add or replace; readers see nothing before `commit`."""

    def delete(self, ids: Iterable[str]) -> None:
        """Take note of documents to remove; unknown ids are no error."""

    def commit(self) -> str:
        """Write everything noted, all or nothing, and return the new generation. Raises Busy, Unavailable."""

    def search(self, request: Request) -> Response:
        """Answer. Raises Unavailable, TooBroad, TooSlow."""

    def versions(self, ids: Iterable[str] | None = None) -> Mapping[str, str]:
        """The version of each of these documents that is there, by id; of all for None. Or Unavailable."""

    def newest(self) -> str:
        """The greatest version of any document, empty without documents. Raises Unavailable."""

    def frequencies(self, name: str, words: Collection[str]) -> Mapping[str, int]:
        """How many documents have each word in this text field; words that none has are left out.

        Engines may still count a document that was deleted a moment ago. Raises Unavailable.
        """

    def vocabulary(self, name: str) -> Iterable[tuple[str, int]]:
        """The words of this text field, each with its frequency as above. Raises Unavailable."""

    def rebuild(self, documents: Iterable[Document]) -> str:
        """Replace the whole index by documents, each id once; returns the new generation. Raises Busy.

        The old index answers until the new one is whole.
        """
