"""Laying the ledger beside its entries, our rows and the bank, and writing down what a run has found."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import audit, clock
from payments import invariants, proofs
from payments.bank.queries.reconciling import bank_beside_ledger
from payments.reconciliation import queries
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.rules import KEPT, Comparison, Difference, Part


def compare_entries(session: Session, found: Comparison) -> None:
    """Every account beside its own entries: sums, phases, and the chain of proofs."""
    problems = [
        Difference(Part.ENTRIES, name, problem, "the entries")
        for name, question in proofs.CHECKS
        for problem in question(session)
    ]
    found.note(Part.ENTRIES, problems, queries.accounts_count(session))


def compare_rows(session: Session, found: Comparison) -> None:
    """Deposits, payments, settlements, payouts and receipts beside the ledger, each by itself."""
    for kind, identity, minor, condition, key in queries.KINDS:
        for rows in queries.portions(session, identity, minor, condition):
            booked = queries.moved(session, list(rows), key)
            named = {f"{kind} {row_id}": said for row_id, said in rows.items()}
            _lay(found, named, {f"{kind} {row_id}": said for row_id, said in booked.items()})
    for receipts in queries.receipts(session):
        _lay(found, receipts, queries.moved_by_key(session, list(receipts)))
    _lay(found, queries.deposits_held(session), queries.deposit_accounts(session))
    own = {name for name, _ in proofs.CHECKS}
    problems = [
        Difference(Part.ROWS, name, "the rule", problem)
        for name, question in invariants.CHECKS
        if name not in own
        for problem in question(session)
    ]
    found.note(Part.ROWS, problems, 0)


def _lay(found: Comparison, rows: Mapping[str, int], booked: Mapping[str, int]) -> None:
    """Lay what rows say beside what the ledger says, by name."""
    names = dict.fromkeys([*rows, *booked])
    differing = [
        Difference(Part.ROWS, name, str(booked.get(name, 0)), str(rows.get(name, 0)))
        for name in names
        if rows.get(name, 0) != booked.get(name, 0)
    ]
    found.note(Part.ROWS, differing, len(names))


def compare_bank(session: Session, found: Comparison) -> None:
    """The lines of the bank's statements beside the cash at the bank, per currency."""
    sides = bank_beside_ledger(session)
    differing = [
        Difference(
            Part.BANK,
            f"cash at the bank in {side.currency}",
            str(side.cash),
            f"{side.lines} on statements, {side.opening} before the first, {side.by_hand} by hand",
        )
        for side in sides
        if side.difference
    ]
    found.note(Part.BANK, differing, len(sides))


def write_down(
    session: Session, found: Comparison, began_at: datetime, person_id: uuid.UUID | None
) -> Reconciliation:
    """Keep the result of a run for the money desk."""
    run = Reconciliation(
        person_id=person_id,
        began_at=began_at,
        ended_at=clock.now(),
        agrees=found.agrees,
        compared={str(part): count for part, count in found.compared.items()} | {"left": found.left},
        difference_count=len(found.differences),
        differences=[difference.written() for difference in found.differences[:KEPT]],
    )
    session.add(run)
    session.flush()
    audit.record(
        session,
        "payments.reconcile",
        run.id,
        person_id=person_id,
        agrees=run.agrees,
        differences=run.difference_count,
    )
    return run
