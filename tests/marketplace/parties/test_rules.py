from datetime import UTC, datetime, timedelta

import pytest

from marketplace.errors import Conflict, Refused
from marketplace.parties.rules import (
    ABSOLUTE_LIMIT,
    IDLE_LIMIT,
    INSTITUTION_MOVES,
    SECOND_FACTOR_LIMIT,
    InstitutionStatus,
    Reason,
    Role,
    check_change_of_roles,
    check_roles,
    stands,
)
from marketplace.status import check_move

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_a_sign_in_runs_out_when_it_is_not_used() -> None:
    seen = START + timedelta(hours=2)
    assert stands(START, seen, START, seen + IDLE_LIMIT - TICK)
    assert not stands(START, seen, START, seen + IDLE_LIMIT)


def test_a_sign_in_runs_out_after_a_working_day_however_busy() -> None:
    end = START + ABSOLUTE_LIMIT
    assert stands(START, end - TICK, START, end - TICK)
    assert not stands(START, end, START, end)


def test_without_the_second_factor_it_stands_for_minutes() -> None:
    end = START + SECOND_FACTOR_LIMIT
    assert stands(START, end - TICK, None, end - TICK)
    assert not stands(START, end, None, end)


def test_somebody_needs_a_role() -> None:
    check_roles({Role.OFFICER})
    with pytest.raises(Refused, match=Reason.NO_ROLE):
        check_roles(())


def test_nobody_changes_their_own_roles() -> None:
    with pytest.raises(Refused, match=Reason.OWN_ROLES):
        check_change_of_roles(own=True, old=[Role.OFFICER], new=[Role.APPROVER], other_administrators=5)


def test_an_administrator_always_remains() -> None:
    old = [Role.ADMINISTRATOR]
    check_change_of_roles(own=False, old=old, new=[], other_administrators=1)
    check_change_of_roles(own=False, old=old, new=[Role.ADMINISTRATOR], other_administrators=0)
    check_change_of_roles(own=False, old=[Role.OFFICER], new=[], other_administrators=0)
    with pytest.raises(Conflict, match=Reason.LAST_ADMINISTRATOR):
        check_change_of_roles(own=False, old=old, new=[Role.OFFICER], other_administrators=0)


def test_a_refusal_is_final_and_a_suspension_is_not() -> None:
    check_move(INSTITUTION_MOVES, InstitutionStatus.SUSPENDED, InstitutionStatus.VERIFIED)
    with pytest.raises(Conflict):
        check_move(INSTITUTION_MOVES, InstitutionStatus.REFUSED, InstitutionStatus.VERIFIED)
