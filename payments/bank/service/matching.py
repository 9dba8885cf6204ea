"""A line is matched to what it was for, at most once at a time; what was wrong is undone by a new row."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor
from marketplace.errors import Conflict, Refused
from payments import ledger
from payments import queries as money
from payments.bank import queries
from payments.bank.models import BankLine, LineMatch, LineState, PaymentOrder
from payments.bank.queries.reconciling import FOUND_LATER
from payments.bank.rules.words import INCOMING, OUTGOING, Doubt, Found, LineStatus, MatchKind, Reason
from payments.bank.service.accounts import operators
from payments.bank.service.acts import record
from payments.bank.service.carrying_out import carried_out, let_go
from payments.bank.service.importing import to_explain, unassigned
from payments.bank.service.taking_back import take_back
from payments.ledger import AccountName, Posting, Purpose
from payments.models import Deposit, Payment, Payout
from payments.rules import Method, PayoutKind
from payments.service import books, returns
from payments.service.receipts import use
from payments.spending import service as spending
from payments.spending.models import LimitDeposit


@dataclass(frozen=True, slots=True)
class Target:
    """What a line is matched to.

    Attributes:
        row: the deposit or balance; None where a buyer's money came when none was asked for.
        owner: institution and lot, for a buyer's money.
        limit: a bidder's deposit for several lots.
        order: for a line that carried out one of our orders.
        booked_id: for what was booked by hand before: the ledger's transaction.
    """

    kind: MatchKind
    found: Found
    row: Deposit | Payment | None = None
    owner: tuple[uuid.UUID, uuid.UUID] | None = None
    limit: LimitDeposit | None = None
    order: PaymentOrder | None = None
    booked_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Persons:
    """Who decided, where the rules alone did not."""

    proposed_by_id: uuid.UUID
    approver: Actor
    reason: str


def match(session: Session, state: LineState, target: Target, persons: Persons | None = None) -> LineMatch:
    """Match a line whose state is locked, book it, and let the money do its work.

    Raises:
        Conflict: the line is matched already.
        Refused: the line goes the other way than the target, or nothing is there for it.
    """
    line = state.line
    if state.status is LineStatus.MATCHED:
        raise Conflict(Reason.LINE_MATCHED)
    _check_direction(line, target.kind)
    row = _lock(session, target.row)
    owner = target.owner or ((row.institution_id, row.lot_id) if row is not None else None)
    found = LineMatch(
        line_id=line.id,
        line=line,
        sequence=len(queries.matches_of(session, line.id)) + 1,
        kind=target.kind,
        found=target.found,
        institution_id=owner[0] if owner else target.limit and target.limit.institution_id,
        lot_id=owner[1] if owner else None,
        deposit_id=row.id if isinstance(row, Deposit) else None,
        payment_id=row.id if isinstance(row, Payment) else None,
        subject_id=_subject(session, line, target),
        amount_minor=line.amount_minor,
        currency=line.currency,
        reason=persons.reason if persons else "",
        proposed_by_id=persons.proposed_by_id if persons else None,
        approved_by_id=persons.approver.person_id if persons else None,
        matched_at=clock.now(),
    )
    session.add(found)
    session.flush()
    state.status, state.match_id, state.doubt = LineStatus.MATCHED, found.id, Doubt.NONE
    _book(session, found, line)
    _follow(session, found, target, row)
    facts = {"kind": target.kind, "found": target.found, "minor": line.amount_minor}
    actor = persons.approver if persons else None
    record(session, "match_line", line.id, actor, reason=found.reason, **facts)
    return found


def undo(session: Session, state: LineState, persons: Persons) -> LineMatch:
    """Take a wrong match back, by a new row; the line waits for a person again.

    Raises:
        Conflict: the line is not matched.
        Refused: the money has gone on: it is part of a price, released, or paid out.
    """
    wrong = state.match
    if state.status is not LineStatus.MATCHED or wrong is None:
        raise Conflict(Reason.LINE_NOT_MATCHED)
    if wrong.kind is MatchKind.PAYOUT:
        raise Refused(Reason.MONEY_USED)
    if wrong.kind is MatchKind.BUYER:
        take_back(session, wrong)
    if wrong.kind is MatchKind.LIMIT and wrong.institution_id is not None:
        spending.give_up(session, wrong.institution_id, wrong.currency, wrong.amount_minor)
    if wrong.kind is MatchKind.RETURN:
        let_go(session, wrong)
    undoing = LineMatch(
        line_id=wrong.line_id,
        line=wrong.line,
        sequence=wrong.sequence + 1,
        undoes_id=wrong.id,
        kind=wrong.kind,
        found=Found.PERSONS,
        amount_minor=wrong.amount_minor,
        currency=wrong.currency,
        reason=persons.reason,
        proposed_by_id=persons.proposed_by_id,
        approved_by_id=persons.approver.person_id,
        matched_at=clock.now(),
    )
    session.add(undoing)
    session.flush()
    _book_back(session, wrong, undoing)
    state.status, state.match_id, state.doubt = LineStatus.UNASSIGNED, None, Doubt.UNDONE
    record(session, "undo_match", wrong.line_id, persons.approver, reason=persons.reason, kind=wrong.kind)
    return undoing


def _check_direction(line: BankLine, kind: MatchKind) -> None:
    wrong = OUTGOING if line.amount_minor > 0 else INCOMING
    if kind in wrong:
        raise Refused(Reason.WRONG_DIRECTION, "kind")


def _lock(session: Session, row: Deposit | Payment | None) -> Deposit | Payment | None:
    if row is None:
        return None
    lock = money.lock_deposit if isinstance(row, Deposit) else money.lock_payment
    return lock(session, row.id)


def _book(session: Session, found: LineMatch, line: BankLine) -> None:
    """Move the line's money from where every line lies at first to where this one belongs."""
    postings = _postings(found, line)
    if postings:
        key = f"{FOUND_LATER}{found.id}"
        subject = found.deposit_id or found.payment_id or line.id
        books.post(session, key, subject_id=subject, lot_id=found.lot_id, postings=postings)


def _postings(found: LineMatch, line: BankLine) -> tuple[Posting, ...]:
    """Debit and credit of a match; none where a payout does the booking, or will."""
    minor, account, currency = abs(line.amount_minor), line.bank_account, line.currency
    bank = ledger.cash(Method.BANK_TRANSFER, currency)
    came = line.amount_minor > 0
    sides: dict[MatchKind, tuple[AccountName, AccountName]] = {
        MatchKind.GATEWAY: (unassigned(account), ledger.cash(Method.STRIPE, currency)),
        MatchKind.OPERATOR: (unassigned(account), operators(account)),
        MatchKind.FEE: (AccountName(Purpose.BANK_FEE, currency, None, str(account.id)), to_explain(account)),
        MatchKind.BY_HAND: (unassigned(account), bank) if came else (bank, to_explain(account)),
    }
    if found.kind in {MatchKind.BUYER, MatchKind.LIMIT}:
        return ledger.movement(unassigned(account), _buyers(found), minor)
    return ledger.movement(*sides[found.kind], minor) if found.kind in sides else ()


def _buyers(found: LineMatch) -> AccountName:
    if found.institution_id is not None and found.kind is MatchKind.LIMIT:
        return spending.held_account(found.institution_id, found.currency)
    if found.institution_id is None or found.lot_id is None:
        raise AssertionError("a buyer's money is somebody's, for a lot")
    return books.buyer_balance(found.lot_id, found.institution_id, found.currency)


def _follow(session: Session, found: LineMatch, target: Target, row: Deposit | Payment | None) -> None:
    """What happens because of the match."""
    if row is not None:
        use(session, row)
    elif found.kind is MatchKind.BUYER and found.lot_id and found.institution_id:
        returns.return_free(session, found.lot_id, found.institution_id, found.currency)
    if target.limit is not None:
        spending.follow(session, target.limit)
    if target.order is not None:
        carried_out(session, target.order, found)


def _subject(session: Session, line: BankLine, target: Target) -> uuid.UUID | None:
    """What the match points to beside a deposit or balance."""
    if target.kind is MatchKind.RETURN:
        return _way_back(session, line).id
    pointed_at = target.order or target.limit
    return target.booked_id or (pointed_at.id if pointed_at else None)


def _way_back(session: Session, line: BankLine) -> Payout:
    """Unknown money goes back to where it came from; two persons release it like any payout."""
    payout = Payout(
        kind=PayoutKind.RETURN,
        account_id=books.account(session, unassigned(line.bank_account)).id,
        lot_id=None,
        institution_id=None,
        payee=line.counterparty or line.counterparty_number or line.bank_reference or str(line.id),
        amount_minor=line.amount_minor,
        currency=line.currency,
        due_at=clock.now(),
    )
    session.add(payout)
    session.flush()
    return payout


def _book_back(session: Session, wrong: LineMatch, undoing: LineMatch) -> None:
    booked = money.transaction_by_key(session, f"{FOUND_LATER}{wrong.id}")
    if booked is None:
        return
    postings = tuple(Posting(entry.account.name, -entry.amount_minor) for entry in booked.entries)
    key = f"{FOUND_LATER}{undoing.id}"
    books.post(session, key, subject_id=booked.subject_id, lot_id=booked.lot_id, postings=postings)
