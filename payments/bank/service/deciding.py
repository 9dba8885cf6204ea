"""What a line is by itself: our code, a virtual account, an order, a fee; the rest is for a person."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.parties.models import Institution
from payments.bank import queries
from payments.bank.models import BankLine, LineState, PaymentOrder, VirtualAccount
from payments.bank.rules.payers import DOUBTS, compare
from payments.bank.rules.references import references_in
from payments.bank.rules.words import Doubt, Found, LineStatus, MatchKind, StatementStatus
from payments.bank.service.importing import lock_statement
from payments.bank.service.matching import Target, match
from payments.models import Deposit, Payment
from payments.rules import PayoutStatus
from payments.spending.models import LimitDeposit
from payments.spending.queries import limit_deposits_by_reference


@dataclass(slots=True)
class Candidates:
    """Everything that some lines may be about, read at once."""

    codes: dict[uuid.UUID, tuple[str, ...]] = field(default_factory=dict)
    rows: dict[str, Deposit | Payment] = field(default_factory=dict)
    limits: dict[str, LimitDeposit] = field(default_factory=dict)
    orders: dict[str, PaymentOrder] = field(default_factory=dict)
    numbers: dict[str, VirtualAccount] = field(default_factory=dict)
    by_hand: dict[str, tuple[uuid.UUID, int]] = field(default_factory=dict)


def candidates_for(session: Session, lines: Sequence[BankLine]) -> Candidates:
    codes = {line.id: references_in(f"{line.purpose} {line.end_to_end}") for line in lines}
    wanted = {code for found in codes.values() for code in found}
    return Candidates(
        codes=codes,
        rows=queries.rows_by_reference(session, wanted),
        limits=limit_deposits_by_reference(session, wanted),
        orders=queries.orders_by_reference(session, wanted),
        numbers=queries.virtual_accounts(session, {line.virtual_number for line in lines} - {""}),
        by_hand=queries.by_hand(session, {line.bank_reference for line in lines} - {""}),
    )


def decide(session: Session, line: BankLine, known: Candidates) -> Target | Doubt:
    """What the line certainly is, or why a person has to look."""
    booked = known.by_hand.get(line.bank_reference)
    if booked is not None and not queries.booked_is_shown(session, booked[0]):
        booked_id, minor = booked
        target = Target(MatchKind.BY_HAND, Found.BANK_REFERENCE, booked_id=booked_id)
        return target if minor == line.amount_minor else Doubt.RECEIPT_DIFFERS
    if line.amount_minor < 0:
        return _outgoing(line, known)
    return _incoming(session, line, known)


def _outgoing(line: BankLine, known: Candidates) -> Target | Doubt:
    orders = [known.orders[code] for code in known.codes[line.id] if code in known.orders]
    if len(orders) == 1:
        (order,) = orders
        fits = order.amount_minor == -line.amount_minor and order.currency == line.currency
        ready = order.payout.status is PayoutStatus.APPROVED
        return Target(MatchKind.PAYOUT, Found.ORDER, order=order) if fits and ready else Doubt.PAYOUT_DIFFERS
    if line.fee and not orders:
        return Target(MatchKind.FEE, Found.FEE_CODE)
    return Doubt.SEVERAL_REFERENCES if orders else Doubt.UNKNOWN


def _incoming(session: Session, line: BankLine, known: Candidates) -> Target | Doubt:
    rows = [known.rows[code] for code in known.codes[line.id] if code in known.rows]
    limits = [known.limits[code] for code in known.codes[line.id] if code in known.limits]
    if limits:
        return _for_several_lots(line, limits) if not rows else Doubt.SEVERAL_REFERENCES
    account = known.numbers.get(line.virtual_number)
    owners = {(row.institution_id, row.lot_id) for row in rows}
    if account is not None and account.institution_id is not None and account.lot_id is not None:
        owners.add((account.institution_id, account.lot_id))
    if len(owners) != 1 or len({row.id for row in rows}) > 1:
        return Doubt.SEVERAL_REFERENCES if owners else Doubt.UNKNOWN
    (owner,) = owners
    row = rows[0] if rows else queries.newest_row_of(session, *owner)
    doubt = _doubt_about(session, line, row, owner[0])
    if doubt is not Doubt.NONE:
        return doubt
    found = Found.REFERENCE if rows else Found.VIRTUAL_ACCOUNT
    return Target(MatchKind.BUYER, found, row=row, owner=owner)


def _for_several_lots(line: BankLine, limits: Sequence[LimitDeposit]) -> Target | Doubt:
    if len(limits) > 1:
        return Doubt.SEVERAL_REFERENCES
    (limit,) = limits
    if limit.currency != line.currency:
        return Doubt.OTHER_CURRENCY
    doubt = DOUBTS[compare(line.payer_key, limit.institution.name_key)]
    return Target(MatchKind.LIMIT, Found.REFERENCE, limit=limit) if doubt is Doubt.NONE else doubt


def _doubt_about(
    session: Session, line: BankLine, row: Deposit | Payment | None, institution_id: uuid.UUID
) -> Doubt:
    if row is not None and row.currency != line.currency:
        return Doubt.OTHER_CURRENCY
    if row is not None:
        receipts = queries.receipts_without_line(session, row)
        if any(receipt.amount_minor == line.amount_minor for receipt in receipts):
            return Doubt.RECEIPT_DIFFERS
    payer = session.get_one(Institution, institution_id)
    return DOUBTS[compare(line.payer_key, payer.name_key)]


def sort_out(session: Session, statement_id: uuid.UUID, size: int) -> list[uuid.UUID]:
    """Look at the next lines of a statement at once: those that wait for a person are set aside here.

    Returns:
        The lines that are certain: each is matched in a transaction of its own, which holds its locks only
        for a moment. Empty when the statement has no line left to look at.
    """
    states = queries.next_lines(session, statement_id, size)
    known = candidates_for(session, [state.line for state in states])
    doubts: dict[Doubt, list[uuid.UUID]] = {}
    certain: list[uuid.UUID] = []
    for state in states:
        decision = decide(session, state.line, known)
        waiting = doubts.setdefault(decision, []) if isinstance(decision, Doubt) else certain
        waiting.append(state.line_id)
    for doubt, line_ids in doubts.items():
        _leave_for_persons(session, line_ids, doubt)
    row = lock_statement(session, statement_id)
    row.looked_at += len(states) - len(certain)
    if not states and row.status is StatementStatus.WRITTEN:
        row.status, row.done_at = StatementStatus.DONE, clock.now()
    return certain


def _leave_for_persons(session: Session, line_ids: list[uuid.UUID], doubt: Doubt) -> None:
    """Many lines at once, whose states are locked."""
    statement = update(LineState).where(LineState.line_id.in_(line_ids))
    values = statement.values(status=LineStatus.UNASSIGNED, doubt=doubt)
    session.execute(values.execution_options(synchronize_session=False))
    session.expire_all()


def look_at(session: Session, line_id: uuid.UUID) -> None:
    """Match one line, or set it aside for a person; a line that somebody has dealt with stays as it is.

    Raises:
        Refused: what was certain a moment ago cannot be booked; `set_aside` then keeps it for a person.
    """
    state = queries.lock_line(session, line_id)
    if state.status is not LineStatus.NEW:
        return
    decision = decide(session, state.line, candidates_for(session, [state.line]))
    if isinstance(decision, Doubt):
        state.status, state.doubt = LineStatus.UNASSIGNED, decision
    else:
        match(session, state, decision)
    lock_statement(session, state.statement_id).looked_at += 1


def set_aside(session: Session, line_id: uuid.UUID) -> None:
    """A line that looked certain and was refused waits for a person."""
    state = queries.lock_line(session, line_id)
    if state.status is LineStatus.NEW:
        paid_out = state.line.amount_minor < 0
        state.status = LineStatus.UNASSIGNED
        state.doubt = Doubt.PAYOUT_DIFFERS if paid_out else Doubt.UNKNOWN
        lock_statement(session, state.statement_id).looked_at += 1
