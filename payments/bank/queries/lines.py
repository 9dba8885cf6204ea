"""Lines of statements: known ones, those to look at, those that wait for a person."""

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from payments.bank.models import BankLine, LineMatch, LineProposal, LineState
from payments.bank.rules.words import LineStatus, MatchKind

_AT_ONCE = 500


def known_lines(session: Session, account_id: uuid.UUID, keys: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Which of the keys are lines of the account already, with amount and day."""
    known: dict[str, tuple[int, str]] = {}
    for start in range(0, len(keys), _AT_ONCE):
        statement = select(BankLine.key, BankLine.amount_minor, BankLine.booked_on).where(
            BankLine.bank_account_id == account_id, BankLine.key.in_(keys[start : start + _AT_ONCE])
        )
        known |= {key: (minor, day.isoformat()) for key, minor, day in session.execute(statement)}
    return known


def lock_line(session: Session, line_id: uuid.UUID) -> LineState:
    """Where the line stands, read anew and locked; raises NotFound."""
    statement = select(LineState).where(LineState.line_id == line_id).with_for_update(of=LineState)
    state = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if state is None:
        raise NotFound("bank_line")
    return state


def next_lines(session: Session, statement_id: uuid.UUID, limit: int) -> list[LineState]:
    """The next lines of a statement that the matching has not looked at, locked."""
    statement = (
        select(LineState)
        .where(LineState.statement_id == statement_id, LineState.status == LineStatus.NEW)
        .order_by(LineState.row)
        .limit(limit)
        .with_for_update(of=LineState)
    )
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def lines_awaiting(account_id: uuid.UUID | None = None) -> Select[LineState]:
    """Lines that wait for a person, the newest booking first."""
    statement = (
        select(LineState)
        .join(BankLine, BankLine.id == LineState.line_id)
        .where(LineState.status == LineStatus.UNASSIGNED)
        .order_by(BankLine.booked_on.desc(), LineState.row)
    )
    return statement if account_id is None else statement.where(LineState.bank_account_id == account_id)


def matches_of(session: Session, line_id: uuid.UUID) -> list[LineMatch]:
    """Everything a line was ever matched to, and what was undone, in order."""
    statement = select(LineMatch).where(LineMatch.line_id == line_id).order_by(LineMatch.sequence)
    return list(session.scalars(statement))


def standing_matches_for(
    session: Session, institution_id: uuid.UUID, lot_id: uuid.UUID, limit: int = 100
) -> list[LineMatch]:
    """The lines by which a buyer's money for a lot came, the newest first."""
    statement = (
        select(LineMatch)
        .join(LineState, LineState.match_id == LineMatch.id)
        .join(BankLine, BankLine.id == LineMatch.line_id)
        .where(
            LineMatch.kind == MatchKind.BUYER,
            LineMatch.institution_id == institution_id,
            LineMatch.lot_id == lot_id,
        )
        .order_by(BankLine.booked_on.desc(), BankLine.row.desc(), LineMatch.id)
        .limit(limit)
    )
    return list(session.scalars(statement))


def open_proposal(session: Session, line_id: uuid.UUID) -> LineProposal | None:
    """What waits for a second person about a line."""
    statement = select(LineProposal).where(LineProposal.line_id == line_id, LineProposal.agreed.is_(None))
    return session.scalars(statement).first()


def is_on_statement(session: Session, bank_reference: str) -> bool:
    """Whether a line with this number of the bank has been imported."""
    statement = select(BankLine.id).where(BankLine.bank_reference == bank_reference).limit(1)
    return session.scalar(statement) is not None
