import pytest
from builders import an_institution
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.audit import AuditEntry, record
from marketplace.db import ChangedHistory, WriteOutsideAtomic, atomic
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus


def test_atomic_commits_what_was_added(session: Session) -> None:
    with atomic() as writing:
        an_institution(writing, InstitutionKind.BANK, "Alpha")
    assert session.scalars(select(Institution.name)).all() == ["Alpha"]


def _add_and_fail() -> None:
    with atomic() as writing:
        an_institution(writing, InstitutionKind.BANK)
        raise ZeroDivisionError


def test_atomic_rolls_back_on_an_exception(session: Session) -> None:
    with pytest.raises(ZeroDivisionError):
        _add_and_fail()
    assert session.scalars(select(Institution)).all() == []


def test_a_write_outside_atomic_is_refused(session: Session) -> None:
    with pytest.raises(WriteOutsideAtomic):
        an_institution(session, InstitutionKind.BANK)
    session.rollback()


def test_a_door_may_not_open_a_door(session: Session) -> None:
    with atomic(), pytest.raises(WriteOutsideAtomic), atomic():
        pass


def test_history_cannot_be_changed(session: Session) -> None:
    with atomic() as writing:
        record(writing, "tests.act", None, fact=1)
    with pytest.raises(ChangedHistory), atomic() as writing:
        writing.scalars(select(AuditEntry)).one().act = "tests.other"
    with pytest.raises(ChangedHistory), atomic() as writing:
        writing.delete(writing.scalars(select(AuditEntry)).one())


def test_times_come_back_aware_and_enums_as_enums(session: Session) -> None:
    with atomic() as writing:
        an_institution(writing, InstitutionKind.BANK)
    session.expire_all()
    institution = session.scalars(select(Institution)).one()
    assert institution.registered_at.tzinfo is not None
    assert institution.status is InstitutionStatus.VERIFIED
