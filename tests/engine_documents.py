"""Small documents to put into search engines, and what an engine finds of them."""

from typing import Any

from search.engines import Document, Engine, Node, Request, Tokens


def placed(text: str) -> Tokens:
    """Words one after another; `_` leaves a place free, `word/stem` are two words at one place."""
    return tuple(
        (word, place)
        for place, written in enumerate(text.split())
        if written != "_"
        for word in written.split("/")
    )


def document(
    name: str,
    text: str = "",
    *,
    title: str = "",
    version: str = "1",
    status: str = "published",
    claims: str = "",
    **numbers: int,
) -> Document:
    """A document of whose text "cell" is of class H01M."""
    return Document(
        id=name,
        version=version,
        texts={
            "grams": placed(text),
            "title_grams": placed(title),
            "claims_grams": placed(claims),
            "words": placed(text),
            "title": placed(title),
        },
        keys={"classes": frozenset({"H01M"} if "cell" in text else set())},
        facets={"status": frozenset({status}), "right_type": frozenset({"invention", "design"})},
        numbers=numbers,
    )


def found(engine: Engine, node: Node, **options: Any) -> list[str]:
    """The ids on the page, in order."""
    return [hit.id for hit in engine.search(Request(node, **options)).hits]


def filled(engine: Engine) -> Engine:
    """The engine with three documents in it."""
    engine.rebuild(
        [
            document("a", "solar cell with glass cover", price=300, closes=5),
            document("b", "glass cell", title="cell", price=100),
            document("c", "cover of solar glass", price=200, closes=4, status="sold"),
        ]
    )
    return engine


def of_round(round_number: int, count: int) -> list[Document]:
    """Documents that say in which round of writing they were written."""
    words = ["all", f"round{round_number}"]
    placed = tuple((word, place) for place, word in enumerate(words))
    return [Document(f"d{number}", str(round_number), {"grams": placed}) for number in range(count)]
