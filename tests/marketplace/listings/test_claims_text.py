"""The wording of claims: from a bank's file to the pages that show it folded."""

from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_lot, a_person, a_right, an_institution, signed_in
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.db import atomic
from marketplace.listings.portfolio import CellReason, read_portfolio

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HEAD = "lot_reference,right_type,number,title,filed_on"
ROW = "A-1,invention,202010123456.2,Winding,2020-02-24"
WORDING = "1. 一种热水器，其特征在于：<b>"


def read(heading: str, cell: str) -> Any:
    return read_portfolio(f"{HEAD},{heading}\n{ROW},{cell}\n".encode(), now=NOW)


@pytest.mark.parametrize("heading", ["claims_text", "权利要求书"])
def test_a_file_gives_it_as_far_as_a_cell_reaches(heading: str) -> None:
    (lot,) = read(heading, WORDING).lots
    assert lot.rights[0][1].claims_text == WORDING
    (row,) = read(heading, "x" * 32_768).rows
    assert row.problems["claims_text"].reason is CellReason.TOO_LONG


def test_it_is_folded_on_the_pages_of_the_lot_and_of_the_right(app: Flask, session: Session) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        right = a_right(session, bank, claims_text=WORDING)
        lot = a_lot(session, bank, rights=[right])
        alice = a_person(session, bank, "Alice")
    client = signed_in(app.test_client(), alice)
    for address in (f"/lots/{lot.id}", f"/portfolio/rights/{right.id}"):
        page = client.get(address).text
        folded = page.split("一种热水器")[0].rsplit("<details>", 1)[1]
        assert "</details>" not in folded
        assert "其特征在于：&lt;b&gt;" in page
