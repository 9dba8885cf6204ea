import pytest
from builders import a_person, an_institution
from flask import Flask
from parties_cast import FIELD_KEY, PASSWORD, code, enrolled
from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.db import atomic
from marketplace.parties.invariants import CHECKS
from marketplace.parties.models import Institution, Person
from marketplace.parties.service import sign_ins


def asked(session: Session) -> dict[str, int]:
    return {name: len(found) for name, check in CHECKS if (found := check(session))}


def test_after_signing_in_everything_holds_and_what_is_broken_is_found(app: Flask, session: Session) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK, "Taishan Bank")
        amy = enrolled(session, bank, "Amy")
        a_person(session, bank, "Alice")
    checked = sign_ins.check_password(session, amy.email, PASSWORD)
    assert checked
    with atomic():
        _, row = sign_ins.begin(session, checked, sign_ins.Browser())
    with atomic():
        sign_ins.pass_second_factor(session, row.id, code(), FIELD_KEY)
    assert asked(session) == {}
    with atomic():
        session.execute(update(Institution).values(name="Other Bank", verified_at=None))
        session.execute(update(Person).values(roles=["emperor"], active=False))
    assert asked(session) == {name: 1 for name, _ in CHECKS} | {"roles are known": 2}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_empty_marketplace_is_in_order(app: Flask, session: Session) -> None:
    assert asked(session) == {}
