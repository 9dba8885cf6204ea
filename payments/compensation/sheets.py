"""Spreadsheets of risk compensation: a claim file, the claims of a period, a pool's statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from marketplace.language import moment
from payments.compensation import queries
from payments.compensation.models import CompensationClaim, CompensationPool
from payments.compensation.service.pools import parties_of
from payments.compensation.service.recovering import recovered_by
from payments.compensation.texts import CLAIMS, RECOVERIES, ROLES
from payments.compensation.views import cuts_of
from payments.funds import queries as funds
from payments.funds.models import FundDocument
from payments.funds.sheets import Cell, amount_cell, workbook
from payments.funds.texts import EVIDENCE
from payments.ledger import Purpose

Sheet = tuple[str, Sequence[str], Sequence[Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry of a pool's statement; `minor` is what came in, negative for what went out."""

    at: datetime
    cause: str
    party: str
    minor: int
    balance: int


def cause_text(cause: str) -> str:
    """Why a pool's money moved, by the first word of its key in the ledger."""
    words = {
        "fund": gettext("Paid in"),
        "compensation": gettext("Compensation of a claim"),
        "recovery": gettext("Recovered and shared back"),
        "withdrawal": gettext("Withdrawn"),
    }
    return str(words[cause])


def statement_lines(session: Session, pool: CompensationPool) -> list[StatementLine]:
    """Every movement of all parties' money in a pool, with the balance after it."""
    names = {str(one): party.name for one, party in parties_of(session, pool).items()}
    lines, balance = [], 0
    for transaction, entry in funds.entries_of(session, Purpose.COMPENSATION, pool.id):
        balance -= entry.amount_minor
        party = names.get(entry.account.party.partition(":")[2], "")
        cause = transaction.key.split(":")[0]
        lines.append(StatementLine(transaction.at, cause, party, -entry.amount_minor, balance))
    return lines


def statement(session: Session, pool: CompensationPool) -> bytes:
    """A pool's statement as a file."""
    head = [gettext("Time"), gettext("Because of"), gettext("Party"), gettext("Amount"), gettext("Balance")]
    rows: list[list[Cell]] = [
        [
            moment(line.at, seconds=True),
            cause_text(line.cause),
            line.party,
            amount_cell(line.minor, pool.currency),
            amount_cell(line.balance, pool.currency),
        ]
        for line in statement_lines(session, pool)
    ]
    made = _claims(queries.claims_on(session, pool.id))
    return workbook([(gettext("Statement"), head, rows), made], pool.currency)


def claims(found: Sequence[CompensationClaim]) -> bytes:
    """The claims of a period as a file."""
    currency = found[0].currency if found else "CNY"
    return workbook([_claims(found)], currency)


def _claims(found: Sequence[CompensationClaim]) -> Sheet:
    head = [
        gettext("Pool"), gettext("Number"), gettext("Bank"), gettext("Borrower"), gettext("Lot"),
        gettext("State"), gettext("Claimed"), gettext("Currency"), gettext("Loan"), gettext("Loss"),
        *(str(word) for word in ROLES.values()), gettext("Recovered"),
    ]  # fmt: skip
    return gettext("Claims"), head, [_claim_row(claim) for claim in found]


def _claim_row(claim: CompensationClaim) -> list[Cell]:
    parts = {part.role: part.minor for part in claim.parts}
    amounts = [claim.loan_minor, claim.loss_minor, *(parts.get(role, 0) for role in ROLES)]
    amounts.append(sum(recovered_by(claim).values()))
    texts: list[Any] = [claim.pool.name, claim.number, claim.bank.name, claim.firm, claim.lot.title]
    texts += [str(CLAIMS[claim.status]), moment(claim.claimed_at), claim.currency]
    return [*texts, *(amount_cell(minor, claim.currency) for minor in amounts)]


def claim_file(claim: CompensationClaim, documents: Sequence[FundDocument]) -> bytes:
    """One claim with its division, its documents and its recoveries."""
    currency = claim.currency
    parts: list[list[Cell]] = [
        [str(ROLES[part.role]), part.institution.name, part.share, amount_cell(part.minor, currency)]
        for part in claim.parts
    ]
    cuts: list[list[Cell]] = [[str(word), amount_cell(minor, currency)] for word, minor in cuts_of(claim)]
    named: list[list[Cell]] = [
        [str(EVIDENCE[document.kind]), document.reference, document.digest] for document in documents
    ]
    back: list[list[Cell]] = [
        [
            moment(row.reported_at),
            row.document,
            amount_cell(row.amount_minor, currency),
            str(RECOVERIES[row.status]),
        ]
        for row in claim.recoveries
    ]
    sheets: list[Sheet] = [
        _claims([claim]),
        (
            gettext("Division"),
            [gettext("Party"), gettext("Institution"), gettext("Share"), gettext("Amount")],
            parts,
        ),
        (gettext("Caps"), [gettext("Cap"), gettext("Cut")], cuts),
        (
            gettext("Named documents"),
            [gettext("Document"), gettext("Number and date"), gettext("SHA-256 digest")],
            named,
        ),
        (
            gettext("Recoveries"),
            [gettext("Reported"), gettext("Proof"), gettext("Amount"), gettext("State")],
            back,
        ),
    ]
    return workbook(sheets, currency)
