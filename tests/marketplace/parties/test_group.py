"""Where an institution is and whose it is."""

from datetime import timedelta

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.parties.models import Institution
from marketplace.parties.names import clean_region, region_of

PARENT = "91110000100006856A"


def test_the_region_is_the_register_s_where_none_is_declared() -> None:
    assert region_of("CN", "91370900MA3C8B2X1Y") == "CN-37"
    assert region_of("CN", "91370900MA3C8B2X1Y", "CN-11") == "CN-11"
    assert region_of("CN", "91000000") == ""
    assert region_of("CN", "9A") == ""
    assert region_of("DE", "HRB 12345") == ""


@pytest.mark.parametrize(("text", "region"), [("", ""), (" cn-37 ", "CN-37"), ("CN-SD", "CN-SD")])
def test_a_declared_region_is_written_one_way(text: str, region: str) -> None:
    assert clean_region("CN", text) == region


@pytest.mark.parametrize("text", ["Shandong", "DE-BY", "CN-3777"])
def test_what_is_no_region_of_the_country_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_region("CN", text)
    assert refused.value.field == "region"


def parents(session: Session, bank: Institution) -> tuple[tuple[str, str], tuple[str, str]]:
    """The stated and the confirmed one."""
    session.rollback()
    found = session.get_one(Institution, bank.id, populate_existing=True)
    return found.stated_parent, found.ultimate_parent


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_administrator_states_region_and_parent(app: Flask, session: Session, clock: FixedClock) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        alice = a_person(session, bank, "Alice", frozenset(Role))
        amy = a_person(session, bank, "Amy", frozenset({Role.APPROVER}))
        own = bank.registration_number
    client = signed_in(app.test_client(), alice)
    assert client.get("/institution/group").status_code == 200
    form = {"region": "CN-37", "parent_country": "CN", "parent_number": PARENT}
    assert client.post("/institution/group", data=form).status_code == 303
    session.rollback()
    bank = session.get_one(Institution, bank.id, populate_existing=True)
    assert (bank.region, bank.parent_country, bank.parent_number) == ("CN-37", "CN", PARENT)
    assert bank.region_stated_at == system_clock.now()
    clock.advance(seconds=1)
    assert "CN-37" in client.get("/institution/group").text
    for wrong in (
        {"region": "DE-BY"},
        {"parent_number": "1"},
        {"parent_number": own},
        {"parent_country": "ZZ"},
    ):
        answer = client.post("/institution/group", data=form | wrong)
        assert answer.status_code == 422, wrong
    assert client.post("/institution/group", data=form | {"parent_number": ""}).status_code == 303
    session.rollback()
    bank = session.get_one(Institution, bank.id, populate_existing=True)
    assert (bank.parent_country, bank.region_stated_at) == ("", system_clock.now() - timedelta(seconds=1))
    assert client.post("/institution/group", data=form).status_code == 303
    with atomic():
        olga = a_person(session, an_institution(session, InstitutionKind.OPERATOR), "Olga", frozenset(Role))
    operator = signed_in(app.test_client(), olga)
    confirm = f"/operator/institutions/{bank.id}"
    assert "Confirm the parent" in operator.get(confirm).text
    assert client.post(f"{confirm}/parent", data={"number": PARENT}).status_code == 403
    assert operator.post(f"{confirm}/parent", data={"number": "another"}).status_code == 409
    assert parents(session, bank) == (("CN", PARENT), ("CN", own))
    assert operator.post(f"{confirm}/parent", data={"number": PARENT}).status_code == 303
    assert parents(session, bank) == (("CN", PARENT), ("CN", PARENT))
    assert operator.post(f"{confirm}/parent", data={"number": PARENT}).status_code == 409
    assert client.post("/institution/group", data=form | {"parent_number": ""}).status_code == 303
    assert parents(session, bank) == (("CN", own), ("CN", own))
    assert signed_in(app.test_client(), amy).get("/institution/group").status_code == 403
