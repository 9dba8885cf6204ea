"""What must hold at the bank at all times: each check returns what breaks it, and must return none."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.four_eyes import without_two_persons
from payments.bank.models import (
    BankLine,
    BankStatement,
    LineMatch,
    LineProposal,
    LineState,
    PayeeDetails,
    PaymentBatch,
    PaymentOrder,
    VirtualAccount,
)
from payments.bank.queries import bank_beside_ledger
from payments.bank.rules.words import (
    BatchStatus,
    Found,
    LineStatus,
    MatchKind,
    OrderStatus,
    StatementStatus,
)
from payments.ledger import Purpose
from payments.models import Account, Deposit, Payment, Payout
from payments.rules import ENDED_PAYOUTS, PayoutStatus

SHOWN = 100


def _found(session: Session, statement: Select[*tuple[Any, ...]], words: str) -> list[str]:
    return [words.format(*row) for row in session.execute(statement.limit(SHOWN))]


def cash_other_than_lines(session: Session) -> list[str]:
    """I28: the ledger's cash at the bank is the lines of all statements, and what was booked by hand."""
    return [
        f"{side.currency}: cash {side.cash}; lines {side.lines}, opening {side.opening}, hand {side.by_hand}"
        for side in bank_beside_ledger(session)
        if side.difference
    ]


def states_beside_matches(session: Session) -> list[str]:
    """A line is matched exactly when its last match is not undone, and that is the one its state names."""
    undoing = aliased(LineMatch)
    standing = (
        select(LineMatch.id.label("id"), LineMatch.line_id.label("line_id"))
        .outerjoin(undoing, undoing.undoes_id == LineMatch.id)
        .where(LineMatch.undoes_id.is_(None), undoing.id.is_(None))
        .subquery()
    )
    count = func.count(standing.c.id)
    named = func.max(case((standing.c.id == LineState.match_id, 1), else_=0))
    matched = LineState.status == LineStatus.MATCHED
    statement = (
        select(LineState.line_id, LineState.status, count)
        .outerjoin(standing, standing.c.line_id == LineState.line_id)
        .group_by(LineState.line_id, LineState.status, LineState.match_id)
        .having(
            or_(
                and_(matched, or_(count != 1, named == 0)),
                and_(~matched, or_(count != 0, LineState.match_id.is_not(None))),
            )
        )
    )
    return _found(session, statement, "line {0} is {1} and has {2} standing matches")


def lines_without_state(session: Session) -> list[str]:
    """Every line stands somewhere."""
    statement = (
        select(BankLine.id)
        .outerjoin(LineState, LineState.line_id == BankLine.id)
        .where(LineState.line_id.is_(None))
    )
    return _found(session, statement, "line {0} stands nowhere")


def unassigned_money(session: Session) -> list[str]:
    """What is unassigned in the ledger are the lines that wait, and returns that have not left."""
    waiting = func.sum(
        case(
            (and_(LineState.status != LineStatus.MATCHED, BankLine.amount_minor > 0), BankLine.amount_minor),
            else_=0,
        )
    )
    leaving = func.sum(
        case(
            (
                and_(LineMatch.kind == MatchKind.RETURN, Payout.status.not_in(ENDED_PAYOUTS)),
                BankLine.amount_minor,
            ),
            else_=0,
        )
    )
    return _beside(session, Purpose.UNASSIGNED, func.coalesce(waiting + leaving, 0), sign=-1)


def unexplained_money(session: Session) -> list[str]:
    """What is to be explained in the ledger are debits that wait, and orders of payouts not wholly paid."""
    out = -BankLine.amount_minor
    waiting = func.sum(case((and_(LineState.status != LineStatus.MATCHED, out > 0), out), else_=0))
    in_part = func.sum(
        case((and_(LineMatch.kind == MatchKind.PAYOUT, Payout.status != PayoutStatus.PAID), out), else_=0)
    )
    return _beside(session, Purpose.TO_EXPLAIN, func.coalesce(waiting + in_part, 0), sign=1)


def _beside(session: Session, purpose: Purpose, wanted: Any, *, sign: int) -> list[str]:
    """The ledger's account of each bank account beside what the lines say of it."""
    lines = (
        select(LineState.bank_account_id.label("account_id"), wanted.label("wanted"))
        .join(BankLine, BankLine.id == LineState.line_id)
        .outerjoin(LineMatch, LineMatch.id == LineState.match_id)
        .outerjoin(PaymentOrder, PaymentOrder.id == LineMatch.subject_id)
        .outerjoin(Payout, or_(Payout.id == PaymentOrder.payout_id, Payout.id == LineMatch.subject_id))
        .group_by(LineState.bank_account_id)
    )
    said = {str(account_id): int(minor) for account_id, minor in session.execute(lines)}
    booked = {
        account.party: sign * account.balance_minor
        for account in session.scalars(select(Account).where(Account.purpose == purpose))
    }
    parties = sorted({*said, *booked})
    return [
        f"bank account {party}: lines say {said.get(party, 0)}, the ledger {booked.get(party, 0)} ({purpose})"
        for party in parties
        if said.get(party, 0) != booked.get(party, 0)
    ][:SHOWN]


def matches_of_other_money(session: Session) -> list[str]:
    """A match moves exactly its line, and a buyer's money goes where what it is for says."""
    statement = (
        select(LineMatch.id)
        .join(BankLine, BankLine.id == LineMatch.line_id)
        .outerjoin(Deposit, Deposit.id == LineMatch.deposit_id)
        .outerjoin(Payment, Payment.id == LineMatch.payment_id)
        .where(
            or_(
                LineMatch.amount_minor != BankLine.amount_minor,
                LineMatch.currency != BankLine.currency,
                Deposit.institution_id != LineMatch.institution_id,
                Payment.institution_id != LineMatch.institution_id,
            )
        )
    )
    return _found(session, statement, "match {0} is not what its line is")


def persons_lacking(session: Session) -> list[str]:
    """What the rules did not find was decided by two persons; so was every undoing."""
    lacking = or_(
        LineMatch.proposed_by_id.is_(None),
        LineMatch.approved_by_id.is_(None),
        LineMatch.proposed_by_id == LineMatch.approved_by_id,
    )
    statement = select(LineMatch.id).where(LineMatch.found == Found.PERSONS, lacking)
    return [
        *_found(session, statement, "match {0} was not decided by two persons"),
        *without_two_persons(session, LineProposal),
        *without_two_persons(session, PayeeDetails),
    ]


def numbers_of_two(session: Session) -> list[str]:
    """Money that came to a virtual account by itself went to the bidder it was given to."""
    statement = (
        select(VirtualAccount.id, LineMatch.id)
        .join(BankLine, BankLine.virtual_number == VirtualAccount.number)
        .join(LineMatch, LineMatch.line_id == BankLine.id)
        .where(
            LineMatch.found == Found.VIRTUAL_ACCOUNT,
            LineMatch.undoes_id.is_(None),
            or_(
                VirtualAccount.institution_id.is_(None),
                VirtualAccount.institution_id != LineMatch.institution_id,
                VirtualAccount.lot_id != LineMatch.lot_id,
            ),
        )
    )
    half = select(VirtualAccount.id).where(
        VirtualAccount.institution_id.is_(None) != VirtualAccount.lot_id.is_(None)
    )
    return [
        *_found(session, statement, "virtual account {0}: match {1} gave its money to another bidder"),
        *_found(session, half, "virtual account {0} is given to nobody for something"),
    ]


def batches_beside_orders(session: Session) -> list[str]:
    """A payment file says of itself what its orders are; a withdrawn one holds no payout."""
    count, total = func.count(PaymentOrder.id), func.coalesce(func.sum(PaymentOrder.amount_minor), 0)
    sums = (
        select(PaymentBatch.number, PaymentBatch.count, count)
        .outerjoin(PaymentOrder, PaymentOrder.batch_id == PaymentBatch.id)
        .group_by(PaymentBatch.number, PaymentBatch.count, PaymentBatch.total_minor)
        .having(or_(count != PaymentBatch.count, total != PaymentBatch.total_minor))
    )
    live = PaymentOrder.live_key.is_not(None)
    withdrawn = (
        select(PaymentOrder.reference)
        .join(PaymentBatch)
        .where(
            or_(
                live != (PaymentOrder.status != OrderStatus.WITHDRAWN),
                and_(PaymentBatch.status == BatchStatus.CANCELLED, live),
            )
        )
    )
    return [
        *_found(session, sums, "file {0} says {1} orders and has {2}, or another sum"),
        *_found(session, withdrawn, "order {0} is withdrawn and holds its payout, or the other way round"),
    ]


def orders_beside_payouts(session: Session) -> list[str]:
    """The orders of a payout that are with the bank sum to it; it is paid when all are carried out."""
    live = PaymentOrder.status != OrderStatus.WITHDRAWN
    total = func.sum(PaymentOrder.amount_minor)
    carried = func.sum(
        case((PaymentOrder.status == OrderStatus.CARRIED_OUT, PaymentOrder.amount_minor), else_=0)
    )
    statement = (
        select(Payout.id, Payout.amount_minor, total)
        .join(PaymentOrder, PaymentOrder.payout_id == Payout.id)
        .where(live)
        .group_by(Payout.id, Payout.amount_minor, Payout.status)
        .having(or_(total != Payout.amount_minor, and_(carried == total, Payout.status != PayoutStatus.PAID)))
    )
    return _found(session, statement, "payout {0} of {1} has orders of {2}")


def orders_matched_otherwise(session: Session) -> list[str]:
    """An order is carried out exactly when one line shows it, of its amount."""
    shown = (
        select(LineMatch.subject_id.label("order_id"), LineMatch.amount_minor.label("minor"))
        .join(LineState, LineState.match_id == LineMatch.id)
        .where(LineMatch.kind == MatchKind.PAYOUT)
        .subquery()
    )
    count = func.count(shown.c.order_id)
    done = PaymentOrder.status == OrderStatus.CARRIED_OUT
    statement = (
        select(PaymentOrder.reference, PaymentOrder.status, count)
        .outerjoin(
            shown, and_(shown.c.order_id == PaymentOrder.id, shown.c.minor == -PaymentOrder.amount_minor)
        )
        .group_by(PaymentOrder.reference, PaymentOrder.status)
        .having(or_(and_(done, count != 1), and_(~done, count != 0)))
    )
    return _found(session, statement, "order {0} is {1} and stands on {2} lines")


def statements_half_done(session: Session) -> list[str]:
    """A statement that is done has all its lines, and none of them is still to be looked at."""
    new = func.sum(case((LineState.status == LineStatus.NEW, 1), else_=0))
    count = func.count(LineState.line_id)
    statement = (
        select(BankStatement.id, BankStatement.new, count)
        .outerjoin(LineState, LineState.statement_id == BankStatement.id)
        .where(BankStatement.status == StatementStatus.DONE)
        .group_by(BankStatement.id, BankStatement.new, BankStatement.lines, BankStatement.written)
        .having(
            or_(
                count != BankStatement.new,
                BankStatement.written != BankStatement.lines,
                func.coalesce(new, 0) != 0,
            )
        )
    )
    return _found(session, statement, "statement {0} says {1} new lines and has {2}, or is not done")


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("the cash at the bank is the lines of its statements", cash_other_than_lines),
    ("every line is matched at most once at a time", states_beside_matches),
    ("every line stands somewhere", lines_without_state),
    ("unassigned money is the lines that wait", unassigned_money),
    ("unexplained money is the debits that wait", unexplained_money),
    ("a match is what its line is", matches_of_other_money),
    ("what the rules did not find two persons decided", persons_lacking),
    ("no virtual account serves two bidders", numbers_of_two),
    ("payment files are what their orders are", batches_beside_orders),
    ("the orders of a payout sum to it", orders_beside_payouts),
    ("an order is carried out when one line shows it", orders_matched_otherwise),
    ("a statement that is done is whole", statements_half_done),
)
