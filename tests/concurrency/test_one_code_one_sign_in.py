"""The same code typed into many browsers at the same moment lets one of them in."""

import threading
import uuid

import pytest
from builders import an_institution
from flask import Flask
from parties_cast import FIELD_KEY, PASSWORD, code, enrolled
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.parties.service import sign_ins

BROWSERS = 8


def type_password(session: Session, email: str) -> uuid.UUID:
    checked = sign_ins.check_password(session, email, PASSWORD)
    assert checked
    with atomic():
        return sign_ins.begin(session, checked, sign_ins.Browser())[1].id


@pytest.mark.postgresql
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_code_lets_one_browser_in(app: Flask, session: Session) -> None:
    with atomic():
        amy = enrolled(session, an_institution(session, InstitutionKind.BANK), "Amy")
    rows = [type_password(session, amy.email) for _ in range(BROWSERS)]

    start, outcomes, used = threading.Barrier(BROWSERS), list[str](), code()

    def enter(sign_in_id: uuid.UUID) -> None:
        with app.app_context():
            start.wait()
            try:
                with atomic() as own:
                    sign_ins.pass_second_factor(own, sign_in_id, used, FIELD_KEY)
                outcomes.append("in")
            except Refused as refused:
                outcomes.append(str(refused.reason))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=enter, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["code_wrong"] * (BROWSERS - 1) + ["in"]
