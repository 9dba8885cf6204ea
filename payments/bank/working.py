"""The door for long work on statements: lines are written and matched piece by piece, each in its commit."""

import time
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import select

from marketplace.db import atomic, db
from marketplace.errors import MarketplaceError
from payments.bank.models import BankAccount, BankStatement, BankStatementFile
from payments.bank.reading import read_statement
from payments.bank.rules.columns import read_mapping
from payments.bank.rules.statements import StatementLine, line_keys
from payments.bank.rules.words import StatementStatus
from payments.bank.service import deciding, importing

log = structlog.get_logger()

# How many lines are written in one transaction, and how many are looked at.
WRITTEN_AT_ONCE = 500
LOOKED_AT_ONCE = 500

# The worker goes on at its next tick, so that no statement holds up the end of an auction.
SECONDS_A_TICK = 1.0

_OPEN = (StatementStatus.RECEIVED, StatementStatus.WRITTEN)


@dataclass(frozen=True, slots=True)
class _Read:
    statement_id: uuid.UUID
    lines: list[StatementLine]
    keys: list[str]


# The file that this process is at, so that it is not read again for every piece.
_at_hand: list[_Read] = []


def work_off() -> int:
    """Go on with the oldest statement for a moment; returns how many pieces were done."""
    until, done = time.monotonic() + SECONDS_A_TICK, 0
    for statement_id in _waiting():
        while time.monotonic() < until:
            if not step(statement_id):
                break
            done += 1
    return done


def finish(statement_id: uuid.UUID, say: Callable[[], None]) -> None:
    """Work one statement off to its end, and call `say` after every piece.

    Raises:
        Refused: its lines cannot be booked.
    """
    while step(statement_id, patient=False):
        say()


def step(statement_id: uuid.UUID, *, patient: bool = True) -> bool:
    """Do the next piece of a statement; False when there is none, or it cannot go on now.

    With `patient` a refusal is noted on the statement, for a person; otherwise it is raised.
    """
    statement = db.session().get(BankStatement, statement_id, populate_existing=True)
    if statement is None or statement.status is StatementStatus.DONE:
        _at_hand.clear()
        return False
    if statement.status is StatementStatus.WRITTEN:
        _match_piece(statement_id)
        return True
    try:
        read = _read(statement)
        with atomic() as session:
            return importing.write_next(session, statement_id, read.lines, read.keys, WRITTEN_AT_ONCE)
    except MarketplaceError as error:
        if not patient:
            raise
        _note(statement_id, error)
        return False


def _waiting() -> list[uuid.UUID]:
    statement = (
        select(BankStatement.id).where(BankStatement.status.in_(_OPEN)).order_by(BankStatement.received_at)
    )
    return list(db.session().scalars(statement.limit(20)))


def _read(statement: BankStatement) -> _Read:
    """The lines that were accepted when the file was received, from the file that was kept."""
    if _at_hand and _at_hand[0].statement_id == statement.id:
        return _at_hand[0]
    session = db.session()
    file = session.get_one(BankStatementFile, statement.id)
    account = session.get_one(BankAccount, statement.bank_account_id)
    mapping = read_mapping(file.column_mapping) if file.column_mapping else None
    parsed = read_statement(zlib.decompress(file.content), account.currency, mapping)
    left_out = {one["row"] for one in statement.refused}
    lines = [line for line in parsed.lines if line.row not in left_out]
    _at_hand[:] = [_Read(statement.id, lines, line_keys(lines))]
    return _at_hand[0]


def _match_piece(statement_id: uuid.UUID) -> None:
    with atomic() as session:
        certain = deciding.sort_out(session, statement_id, LOOKED_AT_ONCE)
    for line_id in certain:
        try:
            with atomic() as session:
                deciding.look_at(session, line_id)
        except MarketplaceError as error:
            log.warning("line_set_aside", line_id=str(line_id), why=str(error))
            with atomic() as session:
                deciding.set_aside(session, line_id)


def _note(statement_id: uuid.UUID, error: MarketplaceError) -> None:
    with atomic() as session:
        importing.lock_statement(session, statement_id).problem = str(error)[:300]
