"""Noting that a sign-in was seen waits for nobody: of two crowds that did, each would wait for the other."""

import pytest
from flask.testing import FlaskClient
from parties_cast import alice_of_a_bank, sign_in
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.db import db
from marketplace.parties.models import SignIn

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", ["postgresql"], indirect=True),
]


def test_a_row_that_another_process_holds_is_passed_over(
    client: FlaskClient, clock: FixedClock, session: Session
) -> None:
    sign_in(client, alice_of_a_bank())
    before = session.scalars(select(SignIn.last_seen_at)).one()
    session.rollback()
    clock.advance(minutes=2)
    with db.engine.connect() as other, other.begin():
        other.execute(select(SignIn.id).with_for_update())
        assert client.get("/account").status_code == 200
    session.rollback()
    assert session.scalars(select(SignIn.last_seen_at)).one() == before
    session.rollback()
    client.get("/account")
    session.rollback()
    assert session.scalars(select(SignIn.last_seen_at)).one() > before
