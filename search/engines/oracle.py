"""The plainest possible engine: looks at every document. Other engines are held against it in the tests."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from search.engines import (
    FACET_FIELDS,
    PHRASE_FIELD,
    PREFIX_LIMIT,
    TEXT_FIELDS,
    All,
    Document,
    Either,
    Everything,
    Hit,
    Node,
    Phrase,
    Prefix,
    Request,
    Response,
    Term,
    TooBroad,
    Unavailable,
    Without,
)

_K1, _B = 1.2, 0.75


class OracleEngine:
    """Keeps the documents in memory; nothing survives the process."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] | None = None
        self._noted: dict[str, Document | None] = {}
        self._generation = 0
        self._lengths: dict[str, float] = {}
        self._holders: Counter[tuple[str, str]] = Counter()

    def upsert(self, documents: Iterable[Document]) -> None:
        self._noted.update((document.id, document) for document in documents)

    def delete(self, ids: Iterable[str]) -> None:
        self._noted.update((gone, None) for gone in ids)

    def commit(self) -> str:
        documents = dict(self._all())
        for document_id, document in self._noted.items():
            documents.pop(document_id, None)
            if document is not None:
                documents[document_id] = document
        self._noted = {}
        return self.rebuild(documents.values())

    def rebuild(self, documents: Iterable[Document]) -> str:
        self._documents = {document.id: document for document in documents}
        self._generation += 1
        self._lengths = {
            name: sum(len(document.texts.get(name, ())) for document in self._documents.values())
            / max(len(self._documents), 1)
            for name in TEXT_FIELDS
        }
        self._holders = Counter(
            (name, word)
            for document in self._documents.values()
            for name in TEXT_FIELDS
            for word in {word for word, _ in document.texts.get(name, ())}
        )
        return str(self._generation)

    def versions(self) -> Mapping[str, str]:
        return {document.id: document.version for document in self._all().values()}

    def search(self, request: Request) -> Response:
        scores: dict[str, float] = {}
        for document in self._all().values():
            score = self._score(document, request.node)
            if score is not None and _in_ranges(document, request):
                scores[document.id] = round(score, 6)
        found = [document for name, document in self._all().items() if name in scores]
        chosen = [document for document in found if _passes(document, request)]
        ordered = sorted(chosen, key=lambda document: _order(document, request, scores))
        page = ordered[request.offset : request.offset + request.limit]
        return Response(
            total=len(chosen),
            hits=tuple(Hit(document.id, scores[document.id]) for document in page),
            facets={name: _count(found, request, name) for name in FACET_FIELDS},
            generation=str(self._generation),
        )

    def _all(self) -> dict[str, Document]:
        if self._documents is None:
            raise Unavailable("nothing was ever built")
        return self._documents

    def _score(self, document: Document, node: Node) -> float | None:
        """The score, or None where the document does not match."""
        match node:
            case Everything():
                return 0.0
            case Term(name, text, boost):
                return self._term(document, name, text, boost)
            case Phrase(texts, boost):
                return self._phrase(document, texts, boost)
            case Prefix(text, boost):
                words = self._expand(text)
                has = any(word in words for word, _ in document.texts.get(PHRASE_FIELD, ()))
                return boost if has else None
            case Without(wanted, unwanted):
                return self._score(document, wanted) if self._score(document, unwanted) is None else None
            case All(parts) | Either(parts):
                scores = [score for part in parts if (score := self._score(document, part)) is not None]
                enough = len(scores) == len(parts) if isinstance(node, All) else bool(scores)
                return sum(scores) if enough else None

    def _term(self, document: Document, name: str, text: str, boost: float) -> float | None:
        if name not in TEXT_FIELDS:
            return boost if text in document.keys.get(name, ()) else None
        tokens = document.texts.get(name, ())
        count = sum(1 for word, _ in tokens if word == text)
        if not count:
            return None
        holders = self._holders[name, text]
        rarity = math.log(1 + (len(self._all()) - holders + 0.5) / (holders + 0.5))
        length = len(tokens) / self._lengths[name]
        return boost * rarity * (count * (_K1 + 1)) / (count + _K1 * (1 - _B + _B * length))

    def _phrase(self, document: Document, texts: tuple[str, ...], boost: float) -> float | None:
        placed = set(document.texts.get(PHRASE_FIELD, ()))
        starts = [place for word, place in placed if word == texts[0]]
        if not any(
            all((word, start + step) in placed for step, word in enumerate(texts)) for start in starts
        ):
            return None
        return sum(self._term(document, PHRASE_FIELD, word, boost) or 0.0 for word in texts)

    def _expand(self, prefix: str) -> set[str]:
        words = {word for name, word in self._holders if name == PHRASE_FIELD and word.startswith(prefix)}
        if len(words) > PREFIX_LIMIT:
            raise TooBroad(prefix)
        return words


def _in_ranges(document: Document, request: Request) -> bool:
    for name, (least, most) in request.ranges.items():
        value = document.numbers.get(name)
        if value is None or (least is not None and value < least) or (most is not None and value > most):
            return False
    return True


def _passes(document: Document, request: Request, lifted: str = "") -> bool:
    return all(
        name == lifted or document.facets.get(name, frozenset()) & accepted
        for name, accepted in request.filters.items()
    )


def _count(found: list[Document], request: Request, name: str) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for document in found:
        if _passes(document, request, lifted=name):
            counted.update(document.facets.get(name, ()))
    return dict(counted)


def _order(document: Document, request: Request, scores: dict[str, float]) -> tuple[bool, float, str]:
    sort = request.sort
    if sort.field is None:
        return False, -scores[document.id], document.id
    value = document.numbers.get(sort.field)
    sign = -1 if sort.descending else 1
    return value is None, sign * (value or 0), document.id
