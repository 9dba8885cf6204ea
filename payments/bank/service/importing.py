"""Taking a statement in: checked whole first, then written piece by piece, each line once."""

import hashlib
import uuid
import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.errors import NotFound, Refused
from marketplace.money import decimal_text
from marketplace.parties.names import name_key
from payments import ledger
from payments.bank import queries
from payments.bank.models import BankAccount, BankLine, BankStatement, BankStatementFile, LineState
from payments.bank.queries.reconciling import LINES
from payments.bank.rules.columns import ColumnMapping
from payments.bank.rules.statements import RefusedLine, Statement, StatementLine, line_keys
from payments.bank.rules.words import Doubt, LineStatus, Reason, StatementStatus
from payments.bank.service.accounts import find_account
from payments.bank.service.acts import record
from payments.ledger import AccountName, Posting, Purpose
from payments.rules import Method
from payments.service import books

# A file with more refused rows than this is not to be taken in part.
MOST_REFUSED = 5000


def examine(session: Session, account: BankAccount, statement: Statement) -> None:
    """Hold a file against its account: count what is new; lines that cannot be right join the refused ones.

    Raises:
        Refused: it is of another account or currency, or takes more money out than was ever there.
    """
    if statement.account_number and statement.account_number != account.number:
        raise Refused(Reason.OTHER_ACCOUNT, "file", number=statement.account_number)
    if statement.currency and statement.currency != account.currency:
        raise Refused(Reason.OTHER_CURRENCY, "file", currency=account.currency)
    keys = line_keys(statement.lines)
    known = queries.known_lines(session, account.id, keys)
    kept, new = [], []
    for line, key in zip(statement.lines, keys, strict=True):
        if known.get(key, (line.minor, line.booked_on.isoformat())) != (
            line.minor,
            line.booked_on.isoformat(),
        ):
            why = Refused(Reason.REFERENCE_DIFFERS, "bank_reference", reference=line.bank_reference)
            statement.refused.append(RefusedLine(line.row, line.bank_reference, why))
            continue
        kept.append(line)
        new += [] if key in known else [line]
    statement.lines, statement.new = kept, len(new)
    _check_enough(session, account, new)


def _check_enough(session: Session, account: BankAccount, new: Sequence[StatementLine]) -> None:
    """Money can only leave that the books know of: an opening balance or an earlier statement is missing."""
    cash = books.balance(session, ledger.cash(Method.BANK_TRANSFER, account.currency))
    change = sum(line.minor for line in new)
    if cash + change < 0:
        raise Refused(Reason.LEDGER_SHORT, "file", missing=decimal_text(-(cash + change), account.currency))


def receive(
    session: Session,
    actor: Actor | None,
    account_id: uuid.UUID,
    statement: Statement,
    content: bytes,
    *,
    file_name: str,
    mapping: ColumnMapping | None = None,
    partial: bool = False,
) -> BankStatement:
    """Take a file that was read over, to be written by the worker; the same file again changes nothing.

    With `partial` the refused rows are left out; without it one refused row refuses the file.

    Raises:
        Refused: as `examine`, or a row is refused, or no line is left.
        NotFound, NotAllowed: as `find_account`, `access.require`.
    """
    if actor is not None:
        require(actor, Verb.CONFIRM_MONEY)
    account = find_account(session, account_id)
    digest = hashlib.sha256(content).hexdigest()
    earlier = select(BankStatement).where(
        BankStatement.bank_account_id == account.id, BankStatement.digest == digest
    )
    if (known := session.scalars(earlier).one_or_none()) is not None:
        return known
    examine(session, account, statement)
    if statement.refused and not (partial and len(statement.refused) <= MOST_REFUSED):
        raise Refused(Reason.ROWS_REFUSED, "file", count=len(statement.refused))
    if statement.first_day is None or statement.last_day is None:
        raise Refused(Reason.NO_LINES, "file")
    row = _row(account, statement, statement.first_day, statement.last_day)
    row.file_name, row.digest = file_name[:200], digest
    row.received_by_id, row.received_at = actor.person_id if actor else None, clock.now()
    session.add(row)
    session.flush()
    kept = BankStatementFile(
        statement_id=row.id,
        content=zlib.compress(content),
        column_mapping=mapping.as_json() if mapping else {},
    )
    session.add(kept)
    facts: dict[str, Any] = {"lines": row.lines, "refused": len(statement.refused), "digest": digest}
    record(session, "receive_statement", row.id, actor, **facts)
    return row


def _row(account: BankAccount, statement: Statement, first_day: date, last_day: date) -> BankStatement:
    """What the statement says of itself."""
    return BankStatement(
        bank_account_id=account.id,
        file_format=statement.file_format,
        number=statement.number,
        first_day=first_day,
        last_day=last_day,
        opening_minor=statement.opening,
        closing_minor=statement.closing,
        currency=account.currency,
        lines=len(statement.lines),
        not_booked=statement.not_booked,
        refused=[{"row": one.row, "column": one.column} for one in statement.refused],
    )


def lock_statement(session: Session, statement_id: uuid.UUID) -> BankStatement:
    """The statement, read anew and locked; raises NotFound."""
    statement = (
        select(BankStatement).where(BankStatement.id == statement_id).with_for_update(of=BankStatement)
    )
    row = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound("bank_statement")
    return row


def write_next(
    session: Session, statement_id: uuid.UUID, lines: Sequence[StatementLine], keys: Sequence[str], size: int
) -> bool:
    """Write the next `size` lines of a statement and book them; False when all are written.

    The account is locked, so that two files of it with the same lines are written one after the other.

    Raises:
        Refused: the books hold less than the lines take out.
    """
    row = lock_statement(session, statement_id)
    if row.status is not StatementStatus.RECEIVED:
        return False
    account = session.scalars(
        select(BankAccount).where(BankAccount.id == row.bank_account_id).with_for_update(of=BankAccount)
    ).one()
    part = range(row.written, min(row.written + size, len(lines)))
    known = queries.known_lines(session, account.id, [keys[index] for index in part])
    new = [index for index in part if keys[index] not in known]
    _add(session, row, [(lines[index], keys[index]) for index in new])
    _book(session, account, f"{LINES}{row.id}:{row.written}", row.id, [lines[index].minor for index in new])
    row.written, row.new, row.problem = row.written + len(part), row.new + len(new), ""
    if row.written == len(lines):
        row.status = StatementStatus.WRITTEN
    return True


def _add(session: Session, row: BankStatement, new: Sequence[tuple[StatementLine, str]]) -> None:
    values = [_values(row, line, key) for line, key in new]
    if not values:
        return
    session.execute(insert(BankLine), values)
    states = [
        {
            "line_id": value["id"],
            "bank_account_id": row.bank_account_id,
            "statement_id": row.id,
            "row": value["row"],
            "status": LineStatus.NEW,
            "doubt": Doubt.NONE,
        }
        for value in values
    ]
    session.execute(insert(LineState), states)


def _values(row: BankStatement, line: StatementLine, key: str) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "bank_account_id": row.bank_account_id,
        "statement_id": row.id,
        "key": key,
        "row": line.row,
        "booked_on": line.booked_on,
        "value_on": line.value_on,
        "amount_minor": line.minor,
        "currency": row.currency,
        "bank_reference": line.bank_reference,
        "end_to_end": line.end_to_end,
        "counterparty": line.counterparty,
        "payer_key": name_key(line.counterparty),
        "counterparty_number": line.counterparty_number,
        "counterparty_bank": line.counterparty_bank,
        "virtual_number": line.virtual_number,
        "purpose": line.purpose,
        "fee": line.fee,
    }


def _book(
    session: Session, account: BankAccount, key: str, statement_id: uuid.UUID, minors: Sequence[int]
) -> None:
    """One transaction for the lines written together: all of it is unassigned or unexplained at first."""
    came, went = sum(max(0, minor) for minor in minors), -sum(min(0, minor) for minor in minors)
    bank = ledger.cash(Method.BANK_TRANSFER, account.currency)
    postings: tuple[Posting, ...] = ()
    if came:
        postings += ledger.movement(bank, unassigned(account), came)
    if went:
        postings += ledger.movement(to_explain(account), bank, went)
    if postings:
        books.post(session, key, subject_id=statement_id, lot_id=None, postings=postings)


def unassigned(account: BankAccount) -> AccountName:
    """Money on the account of which it is not known yet whose it is."""
    return AccountName(Purpose.UNASSIGNED, account.currency, None, str(account.id))


def to_explain(account: BankAccount) -> AccountName:
    """Money that has left the account and is not explained yet."""
    return AccountName(Purpose.TO_EXPLAIN, account.currency, None, str(account.id))
