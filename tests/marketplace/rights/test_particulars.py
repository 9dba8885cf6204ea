"""What a bank states of a right: by rules, in its file, on its page."""

import csv
import io
from datetime import UTC, datetime

import pytest
from builders import a_person, a_right, an_institution, signed_in
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind, Role
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.listings.portfolio import Portfolio, read_portfolio
from marketplace.rights.models import Right
from marketplace.rights.particulars import (
    LegalEvent,
    Particulars,
    check_particulars,
    events_in_order,
    legal_events_of,
)
from marketplace.rights.rules import EncumbranceKind

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("particulars", "field"),
    [
        (Particulars(claims=0), "claims"),
        (Particulars(claims=10_001), "claims"),
        (Particulars(forward_citations=-1), "forward_citations"),
        (Particulars(family_size=0), "family_size"),
        (Particulars(family="<b>"), "family"),
        (Particulars(family="x" * 41), "family"),
    ],
)
def test_particulars_that_cannot_be_are_refused(particulars: Particulars, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_particulars(particulars)
    assert refused.value.field == field


def test_events_stand_once_and_in_order_with_those_of_encumbrances() -> None:
    check_particulars(Particulars(family="US 61/000,001".replace(",", ""), claims=1, forward_citations=0))
    assert events_in_order([LegalEvent.LAPSED, LegalEvent.PLEDGED, LegalEvent.LAPSED]) == (
        LegalEvent.PLEDGED,
        LegalEvent.LAPSED,
    )
    found = legal_events_of(["litigation", "pledged"], [EncumbranceKind.PLEDGE, EncumbranceKind.SEIZURE])
    assert found == (LegalEvent.PLEDGED, LegalEvent.SEIZED, LegalEvent.LITIGATION)


def read(**more: str) -> Portfolio:
    row = {
        "lot_reference": "L-1", "right_type": "invention", "number": "CN201110093145.7", "title": "Pump",
        **more,
    }  # fmt: skip
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    return read_portfolio(text.getvalue().encode(), now=NOW)


def test_a_file_may_state_them_in_both_languages() -> None:
    [lot] = read(
        family="F-1", 同族数="4", claims="12", 被引次数="7", 是否实施="是", 法律事件="涉诉；pledged", 件数="3"
    ).lots
    right = lot.rights[0][1]
    assert right.registrations == 3
    assert right.particulars == Particulars(
        family="F-1",
        family_size=4,
        claims=12,
        forward_citations=7,
        evidence_of_use=True,
        legal_events=(LegalEvent.PLEDGED, LegalEvent.LITIGATION),
    )
    [plain] = read().lots
    assert (plain.rights[0][1].registrations, plain.rights[0][1].particulars) == (1, Particulars())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("claims", "0"),
        ("family_size", "many"),
        ("legal_events", "sold"),
        ("registrations", "0"),
        ("family", "？"),
    ],
)
def test_a_file_is_told_the_column_that_is_wrong(column: str, value: str) -> None:
    [cells] = read(**{column: value}).rows
    assert set(cells.problems) == {column}


def test_an_officer_states_them_on_the_page_of_the_right(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        alice = a_person(session, bank, "Alice")
        amy = a_person(session, bank, "Amy", frozenset({Role.APPROVER}))
        mallory = a_person(session, an_institution(session, InstitutionKind.BANK), "Mallory", frozenset(Role))
        right = a_right(session, bank)
        address = f"/portfolio/rights/{right.id}"
    client = signed_in(app.test_client(), alice)
    form = {
        "family": "F-1",
        "claims": "12",
        "evidence_of_use": "yes",
        "legal_events": ["upheld", "litigation"],
    }
    assert client.post(f"{address}/particulars", data=form).status_code == 303
    session.rollback()
    right = session.get_one(Right, right.id, populate_existing=True)
    assert right.particulars.legal_events == (LegalEvent.LITIGATION, LegalEvent.UPHELD)
    assert (right.family, right.claims, right.evidence_of_use, right.forward_citations) == (
        "F-1",
        12,
        True,
        None,
    )
    page = client.get(address).text
    assert "in litigation" in page
    assert "Macro" not in page
    assert "1 · " in page  # its technology field
    assert "F-1" in page
    assert client.post(f"{address}/particulars", data=form).status_code == 303
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act == "rights.state_particulars")).all()
    assert len(acts) == 1  # the same again is no change
    refused = client.post(f"{address}/particulars", data={"claims": "0"})
    assert refused.status_code == 422
    assert "from 1 to 10000" in refused.text
    assert client.post(f"{address}/particulars", data={"claims": "many"}).status_code == 422
    approver = signed_in(app.test_client(), amy)
    assert approver.post(f"{address}/particulars", data=form).status_code == 403
    assert "particulars" not in approver.get(address).text
    assert signed_in(app.test_client(), mallory).post(f"{address}/particulars", data=form).status_code == 404
