"""What of a lot goes into the index, and where."""

from datetime import date
from typing import Any

import pytest
from builders import a_lot, a_right, an_institution
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import InstitutionKind
from marketplace.db import atomic
from marketplace.listings.rules import LotStatus
from marketplace.rights.rules import RightType
from search.documents import document
from search.engines import Document, Near, Node, Phrase, Request, Term
from search.engines.oracle import OracleEngine


def a_document(session: Session, *rights: dict[str, Any], **changes: Any) -> Document:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK, "Harbour Bank")
        # A number that says nothing of where the bank is registered.
        bank.registration_number, bank.region = "91XX", changes.pop("region", "")
        made = [a_right(session, bank, **right) for right in rights]
        return document(a_lot(session, bank, rights=made, **changes))


def finds(held: Document, node: Node) -> bool:
    engine = OracleEngine()
    engine.rebuild([held])
    return engine.search(Request(node=node)).total == 1


def test_each_part_holds_its_own_and_the_whole_holds_all(session: Session) -> None:
    held = a_document(
        session,
        {"title": "Heaters", "abstract": "冷水回收", "claims_text": "A valve", "applicant": "Taishan"},
        title="Lot seven",
        description="Burner",
    )
    parts = {
        "title_grams": "heater",
        "abstract_grams": "冷水",
        "claims_grams": "valve",
        "applicant_grams": "taishan",
    }
    for field, word in parts.items():
        assert [name for name in parts if finds(held, Term(name, word))] == [field]
    for word in ("heaters", "冷水", "valve", "taishan", "seven", "burner", "harbour"):
        assert finds(held, Term("grams", word)), word
    assert finds(held, Term("words", "heater"))


def test_neither_phrase_nor_nearness_reaches_from_one_text_into_another(session: Session) -> None:
    held = a_document(session, {"title": "red glass"}, {"title": "blue steel"}, title="Two rights")
    assert finds(held, Phrase(("red", "glass"), field="title_grams"))
    for field in ("grams", "title_grams"):
        words = {word for word, _ in held.texts[field]}
        assert {"glass", "blue"} <= words
        assert not finds(held, Phrase(("glass", "blue"), field=field))
        assert not finds(held, Near(("glass",), ("blue",), 99, field=field))


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        (["9"], {"nice:9"}),
        (["09", "第35类", "Class 25"], {"nice:9", "nice:35", "nice:25"}),
        (["H02K", "123", "46", ""], set()),
    ],
)
def test_classes_of_a_trademark_are_those_of_goods(
    session: Session, written: list[str], keys: set[str]
) -> None:
    held = a_document(session, {"right_type": RightType.TRADEMARK, "classes": written})
    assert held.keys["classes"] == held.keys["symbols"] == held.facets["subclass"] == keys


def test_a_symbol_alone_and_all_that_stands_above_it(session: Session) -> None:
    held = a_document(session, {"classes": ["H02K 17/02", "09-03"]})
    assert held.keys["symbols"] == {"H02K17/02", "09-03"}
    assert {"H", "H02", "H02K", "H02K17", "H02K17/02", "09-03", "09"} <= held.keys["classes"]
    assert held.facets["subclass"] == {"H02K"}


@pytest.mark.parametrize(("declared", "found"), [("CN-SD", {"CN-37"}), ("CN-37", {"CN-37"}), ("", set())])
def test_a_region_is_written_one_way(session: Session, declared: str, found: set[str]) -> None:
    assert a_document(session, {}, region=declared).facets["region"] == found


def test_of_several_rights_the_first_days_count(session: Session) -> None:
    held = a_document(
        session,
        {"filed_on": date(2018, 5, 4), "expires_on": date(2038, 5, 4)},
        {"filed_on": date(2012, 1, 1), "granted_on": date(2013, 1, 1), "expires_on": date(2032, 1, 1)},
        {"filed_on": None, "granted_on": None, "expires_on": None},
    )
    assert held.numbers["filed"] == date(2012, 1, 1).toordinal()
    assert held.numbers["expires"] == date(2032, 1, 1).toordinal()


@pytest.mark.parametrize(
    "status", [LotStatus.PUBLISHED, LotStatus.RESERVED, LotStatus.SOLD, LotStatus.UNSOLD]
)
def test_only_what_may_still_be_sold_has_bidding_to_come(session: Session, status: LotStatus) -> None:
    held = a_document(session, {}, status=status, opens_at=clock.now(), closes_at=clock.now())
    coming = status in {LotStatus.PUBLISHED, LotStatus.RESERVED}
    assert ({"opens", "closes"} <= held.numbers.keys()) is coming
