"""The operator's bank accounts, and the virtual accounts that each belong to one bidder of one lot."""

import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session
from stdnum import iban
from stdnum.exceptions import ValidationError

from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.due import take_first
from marketplace.errors import Conflict, NotFound, Refused
from payments import ledger
from payments.bank.models import BankAccount, VirtualAccount
from payments.bank.queries.reconciling import OPENING
from payments.bank.rules.columns import ColumnMapping
from payments.bank.rules.orders import OrderField, check_columns
from payments.bank.rules.words import Reason
from payments.bank.service.acts import record
from payments.ledger import AccountName, Purpose
from payments.models import Deposit, Payment
from payments.rules import OPEN_PAYMENTS, DepositStatus, Method
from payments.service import books

_DOMESTIC = re.compile(r"[0-9A-Z]{5,40}")
MOST_NUMBERS = 20_000


def account_number(text: str, field: str = "number") -> str:
    """An IBAN with right check digits, or a domestic number of 5 to 40 letters and digits, without spaces.

    Raises:
        Refused: it is neither.
    """
    plain = re.sub(r"[\s-]", "", text).upper()
    looks_international = re.match(r"[A-Z]{2}\d{2}", plain) is not None
    try:
        return str(iban.validate(plain)) if looks_international else _domestic(plain, field)
    except ValidationError:
        raise Refused(Reason.ACCOUNT_NUMBER_WRONG, field) from None


def _domestic(plain: str, field: str) -> str:
    if not (plain.isascii() and _DOMESTIC.fullmatch(plain)):
        raise Refused(Reason.ACCOUNT_NUMBER_WRONG, field)
    return plain


def add_account(
    session: Session,
    actor: Actor,
    *,
    holder: str,
    bank: str,
    bank_code: str,
    number: str,
    currency: str,
    opening_minor: int = 0,
) -> BankAccount:
    """Enter an account of the operator; what of its own stands on it is booked as the operator's.

    Raises:
        Refused: the number cannot be right.
        Conflict: the account is entered already.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    plain = account_number(number)
    statement = select(BankAccount.id).where(BankAccount.number == plain, BankAccount.currency == currency)
    if session.scalar(statement) is not None:
        raise Conflict(Reason.ACCOUNT_EXISTS, "number")
    account = BankAccount(
        holder=holder.strip(),
        bank=bank.strip(),
        bank_code=bank_code.strip().upper(),
        number=plain,
        currency=currency,
        opening_minor=opening_minor,
        column_mapping={},
        order_columns=[],
        added_by_id=actor.person_id,
        added_at=clock.now(),
    )
    session.add(account)
    session.flush()
    if opening_minor:
        moved = ledger.movement(
            ledger.cash(Method.BANK_TRANSFER, currency), operators(account), opening_minor
        )
        books.post(session, f"{OPENING}{account.id}", subject_id=account.id, lot_id=None, postings=moved)
    record(session, "add_account", account.id, actor, opening=opening_minor, tail=plain[-4:])
    return account


def find_account(session: Session, account_id: uuid.UUID) -> BankAccount:
    """The account; raises NotFound."""
    account = session.get(BankAccount, account_id)
    if account is None:
        raise NotFound("bank_account")
    return account


def save_mapping(session: Session, actor: Actor, account_id: uuid.UUID, mapping: ColumnMapping) -> None:
    """Remember how the account's CSV and XLSX statements are read.

    Raises:
        NotFound, NotAllowed: as `find_account`, `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    account = find_account(session, account_id)
    account.column_mapping = mapping.as_json()
    record(session, "save_mapping", account.id, actor, mapping=mapping.as_json())


def add_virtual_accounts(
    session: Session, actor: Actor | None, account_id: uuid.UUID, numbers: Iterable[str]
) -> tuple[int, int]:
    """Take over the numbers that the bank has opened below an account; how many were new, and known.

    All or nothing: a number that cannot be right stops the whole list.

    Raises:
        Refused: a number is wrong, or there are too many.
    """
    if actor is not None:
        require(actor, Verb.CONFIRM_MONEY)
    account = find_account(session, account_id)
    plain = list(dict.fromkeys(account_number(text, "numbers") for text in numbers if text.strip()))
    if not plain:
        raise Refused(Reason.NO_LINES, "numbers")
    if len(plain) > MOST_NUMBERS:
        raise Refused(Reason.TOO_MANY_LINES, "numbers", most=MOST_NUMBERS)
    known: set[str] = set()
    for start in range(0, len(plain), 500):
        statement = select(VirtualAccount.number).where(VirtualAccount.number.in_(plain[start : start + 500]))
        known |= set(session.scalars(statement))
    now, person_id = clock.now(), actor.person_id if actor else None
    new = [number for number in plain if number not in known]
    session.add_all(
        VirtualAccount(bank_account_id=account.id, number=number, added_by_id=person_id, added_at=now)
        for number in new
    )
    record(session, "add_virtual_accounts", account.id, actor, new=len(new), known=len(known))
    return len(new), len(known)


def assign_virtual_account(session: Session) -> bool:
    """Give one bidder who has to pay a virtual account of its own; True when there was one to give."""
    row = _without_number(session)
    if row is None:
        return False
    free = (
        select(VirtualAccount)
        .join(BankAccount, BankAccount.id == VirtualAccount.bank_account_id)
        .where(VirtualAccount.institution_id.is_(None), BankAccount.currency == row.currency)
        .order_by(VirtualAccount.added_at, VirtualAccount.number)
    )
    account = take_first(session, free, VirtualAccount)
    if account is None:
        return False
    account.institution_id, account.lot_id = row.institution_id, row.lot_id
    account.assigned_at = clock.now()
    record(session, "assign_virtual_account", account.id, None, institution=str(row.institution_id))
    return True


def _without_number(session: Session) -> Deposit | Payment | None:
    """A deposit or balance to be paid whose payer has no number yet, where a free one is to be had."""
    waiting = (DepositStatus.REQUIRED, DepositStatus.PENDING)
    open_rows: tuple[tuple[Any, ColumnElement[bool]], ...] = (
        (Deposit, Deposit.status.in_(waiting)),
        (Payment, Payment.status.in_(OPEN_PAYMENTS)),
    )
    for table, is_open in open_rows:
        given = exists().where(
            VirtualAccount.institution_id == table.institution_id, VirtualAccount.lot_id == table.lot_id
        )
        free = exists().where(
            VirtualAccount.institution_id.is_(None),
            VirtualAccount.bank_account_id == BankAccount.id,
            BankAccount.currency == table.currency,
        )
        statement = select(table).where(is_open, ~given, free).order_by(table.id)
        row: Deposit | Payment | None = take_first(session, statement, table)
        if row is not None:
            return row
    return None


def number_of(session: Session, institution_id: uuid.UUID, lot_id: uuid.UUID) -> VirtualAccount | None:
    """The virtual account that belongs to a bidder for a lot."""
    statement = select(VirtualAccount).where(
        VirtualAccount.institution_id == institution_id, VirtualAccount.lot_id == lot_id
    )
    return session.scalars(statement).first()


def operators(account: BankAccount) -> AccountName:
    """The operator's own money on the account."""
    return AccountName(Purpose.OPERATOR, account.currency, None, str(account.id))


def save_order_columns(
    session: Session, actor: Actor, account_id: uuid.UUID, columns: Sequence[tuple[str, OrderField]]
) -> None:
    """Remember which columns the bank wants in a payment table.

    Raises:
        Refused: as `rules.orders.check_columns`.
        NotFound, NotAllowed: as `find_account`, `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    check_columns(columns)
    account = find_account(session, account_id)
    account.order_columns = [[heading, str(name)] for heading, name in columns]
    record(session, "save_order_columns", account.id, actor, columns=account.order_columns)
