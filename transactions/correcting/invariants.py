"""What must always hold of corrections: each question answers with nothing."""

from collections.abc import Callable

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from marketplace.four_eyes import without_two_persons
from transactions.correcting.models import RecordCorrection
from transactions.models import TransactionRecord

LIMIT = 100


def decided_alone(session: Session) -> list[str]:
    """A correction is agreed by another person than its proposer."""
    return without_two_persons(session, RecordCorrection)


def agreed_without_a_record(session: Session) -> list[str]:
    """An agreed correction names the record that came of it, one that was not agreed names none."""
    row = RecordCorrection
    agreed = row.agreed.is_(True)
    named = row.new_record_id.is_not(None)
    wrong = or_(and_(agreed, ~named), and_(row.agreed.is_not(True), named))
    problems = [
        f"correction {found}: answer and record differ"
        for found in session.scalars(select(row.id).where(wrong).limit(LIMIT))
    ]
    for found in session.scalars(
        select(row).where(agreed, named).order_by(row.answered_at.desc()).limit(LIMIT)
    ):
        new = session.get(TransactionRecord, found.new_record_id)
        if new is None or new.corrects != found.record_id:
            problems.append(f"correction {found.id} names a record that does not replace {found.record_id}")
    return problems


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("nobody corrects a record alone", decided_alone),
    ("an agreed correction has its record", agreed_without_a_record),
)
