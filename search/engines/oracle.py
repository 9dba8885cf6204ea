"""The plainest possible engine: looks at every document. Other engines are held against it in the tests."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import product

from search.engines import (
    FACET_FIELDS,
    PREFIX_LIMIT,
    TEXT_FIELDS,
    All,
    Between,
    Bounds,
    Document,
    Either,
    Everything,
    Hit,
    Leaf,
    Near,
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
from search.engines.deadline import Deadline

_K1, _B = 1.2, 0.75


class OracleEngine:
    """Keeps the documents in memory; nothing survives the process."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] | None = None
        self._noted: dict[str, Document | None] = {}
        self._generation = 0
        self._lengths: dict[str, float] = {}
        self._holders: dict[str, Counter[str]] = {}
        self._expanded: dict[tuple[str, str], set[str]] = {}

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
        held = {document.id: document for document in documents}
        self._documents, self._expanded = held, {}
        self._generation += 1
        self._lengths = {
            name: sum(len(document.texts.get(name, ())) for document in held.values()) / max(len(held), 1)
            for name in TEXT_FIELDS
        }
        self._holders = {
            name: Counter(word for document in held.values() for word in _words(document, name))
            for name in TEXT_FIELDS
        }
        return str(self._generation)

    def versions(self, ids: Iterable[str] | None = None) -> Mapping[str, str]:
        held = self._all()
        return {name: held[name].version for name in (held if ids is None else ids) if name in held}

    def newest(self) -> str:
        return max(self.versions().values(), default="")

    def frequencies(self, name: str, words: Collection[str]) -> Mapping[str, int]:
        known = dict(self.vocabulary(name))
        return {word: known[word] for word in words if word in known}

    def vocabulary(self, name: str) -> Iterable[tuple[str, int]]:
        self._all()
        return self._holders[name].items()

    def search(self, request: Request) -> Response:
        deadline = Deadline(request.seconds)
        scores: dict[str, float] = {}
        for document in self._all().values():
            deadline.check()
            score = self._score(document, request.node)
            if score is not None:
                scores[document.id] = round(score, 6)
        found = [document for name, document in self._all().items() if name in scores]
        chosen = [document for document in found if _passes(document, request)]
        ordered = sorted(chosen, key=lambda document: _order(document, request, scores))
        page = ordered[request.offset : request.offset + request.limit]
        return Response(
            total=len(chosen),
            hits=tuple(Hit(each.id, 0.0 if request.sort.field else scores[each.id]) for each in page),
            facets={name: _count(found, request, name) for name in FACET_FIELDS},
            generation=str(self._generation),
            bands={name: _count_bands(found, request, name) for name in request.bands},
        )

    def _all(self) -> dict[str, Document]:
        if self._documents is None:
            raise Unavailable("nothing was ever built")
        return self._documents

    def _score(self, document: Document, node: Node) -> float | None:
        """The score, or None where the document does not match; every leaf is asked, to notice TooBroad."""
        match node:
            case Everything():
                return 0.0
            case Without(wanted, unwanted):
                score, refused = self._score(document, wanted), self._score(document, unwanted)
                return score if refused is None else None
            case All(parts) | Either(parts):
                scores = [score for part in parts if (score := self._score(document, part)) is not None]
                enough = len(scores) == len(parts) if isinstance(node, All) else bool(scores)
                return sum(scores) if enough else None
            case _:
                return self._weight(document, node) if self._matches(document, node) else None

    def _matches(self, document: Document, leaf: Leaf) -> bool:
        match leaf:
            case Between(name, least, most):
                return _lies(document, name, (least, most))
            case Prefix(text, field=name):
                return not self._expand(name, text).isdisjoint(_words(document, name))
            case Phrase(texts, field=name):
                return bool(_starts(document, name, texts))
            case Near():
                return _near(document, leaf)
            case Term(name, text) if name in TEXT_FIELDS:
                return text in _words(document, name)
            case Term(name, text):
                return text in (document.keys.get(name) or document.facets.get(name) or ())

    def _weight(self, document: Document, leaf: Leaf) -> float:
        match leaf:
            case Between():
                return 0.0
            case Prefix(boost=boost):
                return boost
            case Term(name, text, boost):
                return boost * self._bm25(document, name, text) if name in TEXT_FIELDS else boost
            case Phrase(texts, boost, name):
                return boost * sum(self._bm25(document, name, text) for text in texts)
            case Near(first, second, boost=boost, field=name):
                return boost * sum(self._bm25(document, name, text) for text in (*first, *second))

    def _bm25(self, document: Document, name: str, text: str) -> float:
        tokens = document.texts[name]
        count = sum(1 for word, _ in tokens if word == text)
        holders = self._holders[name][text]
        rarity = math.log(1 + (len(self._all()) - holders + 0.5) / (holders + 0.5))
        length = len(tokens) / self._lengths[name]
        return rarity * (count * (_K1 + 1)) / (count + _K1 * (1 - _B + _B * length))

    def _expand(self, name: str, prefix: str) -> set[str]:
        if (name, prefix) not in self._expanded:
            self._expanded[name, prefix] = {word for word in self._holders[name] if word.startswith(prefix)}
        if len(words := self._expanded[name, prefix]) > PREFIX_LIMIT:
            raise TooBroad(prefix)
        return words


def _words(document: Document, name: str) -> set[str]:
    return {word for word, _ in document.texts.get(name, ())}


def _starts(document: Document, name: str, texts: tuple[str, ...]) -> list[int]:
    """Where the words stand one after another."""
    placed = set(document.texts.get(name, ()))
    starts = [place for word, place in placed if word == texts[0]]
    return [at for at in starts if all((word, at + step) in placed for step, word in enumerate(texts))]


def _near(document: Document, node: Near) -> bool:
    firsts, seconds = (_starts(document, node.field, texts) for texts in (node.first, node.second))
    for first, second in product(firsts, seconds):
        if 0 <= second - first - len(node.first) <= node.distance:
            return True
        if not node.ordered and 0 <= first - second - len(node.second) <= node.distance:
            return True
    return False


def _lies(document: Document, name: str, bounds: Bounds) -> bool:
    value, (least, most) = document.numbers.get(name), bounds
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def _passes(document: Document, request: Request, lifted: str = "") -> bool:
    """Whether filters and ranges let the document through, that of one field lifted."""
    accepted = (
        document.facets.get(name, frozenset()) & values
        for name, values in request.filters.items()
        if name != lifted
    )
    return all(accepted) and all(
        _lies(document, name, bounds) for name, bounds in request.ranges.items() if name != lifted
    )


def _count(found: list[Document], request: Request, name: str) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for document in found:
        if _passes(document, request, lifted=name):
            counted.update(document.facets.get(name, ()))
    return dict(counted)


def _count_bands(found: list[Document], request: Request, name: str) -> tuple[int, ...]:
    passed = [document for document in found if _passes(document, request, lifted=name)]
    return tuple(sum(_lies(document, name, band) for document in passed) for band in request.bands[name])


def _order(document: Document, request: Request, scores: dict[str, float]) -> tuple[bool, float, str]:
    sort = request.sort
    if sort.field is None:
        return False, -scores[document.id], document.id
    value = document.numbers.get(sort.field)
    sign = -1 if sort.descending else 1
    return value is None, sign * (value or 0), document.id
