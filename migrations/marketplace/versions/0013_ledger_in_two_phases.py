"""Ledger transactions may be pending first; accounts carry a proof of their entries.

What stands in the ledger is numbered and proven from its first entry on, and the card holds that are open are
booked anew, as promises.

Revision ID: 0013
Revises: 0012
"""

import hashlib
import uuid
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

from marketplace import clock, db
from migrations.append_only import protect, unprotect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_PHASE = sa.Enum("posted", "pending", "voided", name="phase", native_enum=False, length=32)
_LAYER = sa.Enum("posted", "pending", "lifted", name="layer", native_enum=False, length=32)

_ACCOUNTS = sa.table(
    "ledger_accounts",
    *(sa.column(name, sa.Uuid()) for name in ("id", "lot_id")),
    *(sa.column(name, sa.String()) for name in ("code", "purpose", "currency", "party", "proof")),
    *(
        sa.column(name, sa.BigInteger())
        for name in ("balance_minor", "pending_debit_minor", "pending_credit_minor", "entry_count")
    ),
)
_TRANSACTIONS = sa.table(
    "ledger_transactions",
    *(sa.column(name, sa.Uuid()) for name in ("id", "lot_id", "subject_id")),
    *(sa.column(name, sa.String()) for name in ("key", "phase")),
    sa.column("at", db.UtcDateTime(timezone=True)),
)
_ENTRIES = sa.table(
    "ledger_entries",
    *(sa.column(name, sa.Uuid()) for name in ("id", "transaction_id", "account_id")),
    *(sa.column(name, sa.BigInteger()) for name in ("line", "amount_minor", "sequence")),
    *(sa.column(name, sa.String()) for name in ("currency", "layer", "proof")),
)
_DEPOSITS = sa.table(
    "deposits",
    *(sa.column(name, sa.Uuid()) for name in ("id", "lot_id", "institution_id")),
    *(sa.column(name, sa.BigInteger()) for name in ("amount_minor", "captured_minor", "attempt")),
    *(sa.column(name, sa.String()) for name in ("currency", "status", "method")),
)


def upgrade() -> None:
    for name in ("pending_debit_minor", "pending_credit_minor", "entry_count"):
        op.add_column("ledger_accounts", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("ledger_accounts", sa.Column("proof", sa.String(64), server_default="", nullable=False))
    op.create_index(op.f("ix_ledger_accounts_party"), "ledger_accounts", ["party"])
    phase = sa.Column("phase", _PHASE, server_default="posted", nullable=False)
    resolves = sa.Column("resolves_id", sa.Uuid(), sa.ForeignKey("ledger_transactions.id"), nullable=True)
    op.add_column("ledger_transactions", phase)
    op.add_column("ledger_transactions", resolves, inline_references=True)
    op.create_index(
        op.f("ix_ledger_transactions_resolves_id"), "ledger_transactions", ["resolves_id"], unique=True
    )
    op.add_column("ledger_entries", sa.Column("layer", _LAYER, server_default="posted", nullable=False))
    op.add_column(
        "ledger_entries", sa.Column("sequence", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("ledger_entries", sa.Column("proof", sa.String(64), server_default="", nullable=False))
    _rebook_card_holds()
    unprotect("ledger_entries")
    _prove()
    protect("ledger_entries")
    op.create_index(
        "ix_ledger_entries_account_id_sequence", "ledger_entries", ["account_id", "sequence"], unique=True
    )


def downgrade() -> None:
    op.drop_index("ix_ledger_entries_account_id_sequence", "ledger_entries")
    op.drop_index(op.f("ix_ledger_transactions_resolves_id"), "ledger_transactions")
    op.drop_index(op.f("ix_ledger_accounts_party"), "ledger_accounts")
    for table, names in (
        ("ledger_entries", ("layer", "sequence", "proof")),
        ("ledger_transactions", ("phase", "resolves_id")),
        ("ledger_accounts", ("pending_debit_minor", "pending_credit_minor", "entry_count", "proof")),
    ):
        for name in names:
            op.drop_column(table, name)


def _rebook_card_holds() -> None:
    """Take each open card hold off the old account of authorised amounts, and promise it instead."""
    connection = op.get_bind()
    held = sa.select(_DEPOSITS).where(
        _DEPOSITS.c.status == "held", _DEPOSITS.c.method == "stripe", _DEPOSITS.c.captured_minor == 0
    )
    for deposit in connection.execute(held).mappings().all():
        currency, minor = deposit["currency"], deposit["amount_minor"]
        target = _account(
            f"deposit_held:{currency}:{deposit['lot_id']}:{deposit['institution_id']}",
        )
        on_card, gateway = _account(f"authorised:{currency}:-:stripe"), _gateway(currency)
        _book(deposit, "rebooked", "posted", ((target, minor), (on_card, -minor)))
        _book(deposit, "promised", "pending", ((gateway, minor), (target, -minor)))
        _change(target, balance_minor=minor, pending_credit_minor=minor)
        _change(on_card, balance_minor=-minor)
        _change(gateway, pending_debit_minor=minor)


def _account(code: str) -> uuid.UUID:
    return op.get_bind().execute(sa.select(_ACCOUNTS.c.id).where(_ACCOUNTS.c.code == code)).scalar_one()


def _gateway(currency: str) -> uuid.UUID:
    """The gateway's cash, opened where nothing was ever captured."""
    code = f"cash:{currency}:-:stripe"
    found = op.get_bind().execute(sa.select(_ACCOUNTS.c.id).where(_ACCOUNTS.c.code == code)).scalar()
    if found is None:
        row = {"id": uuid.uuid4(), "code": code, "purpose": "cash", "currency": currency, "party": "stripe"}
        op.get_bind().execute(sa.insert(_ACCOUNTS).values(row | {"balance_minor": 0}))
        return _account(code)
    return uuid.UUID(str(found))


def _book(deposit: Any, what: str, phase: str, entries: tuple[tuple[uuid.UUID, int], ...]) -> None:
    connection, transaction_id = op.get_bind(), uuid.uuid4()
    connection.execute(
        sa.insert(_TRANSACTIONS).values(
            id=transaction_id,
            key=f"deposit:{deposit['id']}:{deposit['attempt']}:{what}",
            at=clock.now(),
            lot_id=deposit["lot_id"],
            subject_id=deposit["id"],
            phase=phase,
        )
    )
    for line, (account_id, minor) in enumerate(entries, start=1):
        connection.execute(
            sa.insert(_ENTRIES).values(
                id=uuid.uuid4(),
                transaction_id=transaction_id,
                line=line,
                account_id=account_id,
                amount_minor=minor,
                currency=deposit["currency"],
                layer=phase,
            )
        )


def _change(account_id: uuid.UUID, **changes: int) -> None:
    values = {name: _ACCOUNTS.c[name] + minor for name, minor in changes.items()}
    op.get_bind().execute(sa.update(_ACCOUNTS).where(_ACCOUNTS.c.id == account_id).values(values))


def _prove() -> None:
    """Number each account's entries in the order in which they were booked, and prove them."""
    connection = op.get_bind()
    entries = (
        sa.select(_ENTRIES, _TRANSACTIONS.c.key, _TRANSACTIONS.c.at, _ACCOUNTS.c.code)
        .join_from(_ENTRIES, _TRANSACTIONS, _TRANSACTIONS.c.id == _ENTRIES.c.transaction_id)
        .join(_ACCOUNTS, _ACCOUNTS.c.id == _ENTRIES.c.account_id)
        .order_by(_TRANSACTIONS.c.at, _TRANSACTIONS.c.key, _ENTRIES.c.line)
    )
    heads: dict[uuid.UUID, tuple[int, str]] = {}
    for entry in connection.execute(entries).mappings().all():
        count, previous = heads.get(entry["account_id"], (0, ""))
        moment = entry["at"].astimezone(UTC).isoformat(timespec="microseconds")
        parts = (previous, entry["key"], moment, str(entry["line"]), entry["code"], entry["layer"])
        text = "\n".join((*parts, str(entry["amount_minor"])))
        head = count + 1, hashlib.sha256(text.encode()).hexdigest()
        heads[entry["account_id"]] = head
        change = sa.update(_ENTRIES).where(_ENTRIES.c.id == entry["id"])
        connection.execute(change.values(sequence=head[0], proof=head[1]))
    for account_id, (count, head_proof) in heads.items():
        change = sa.update(_ACCOUNTS).where(_ACCOUNTS.c.id == account_id)
        connection.execute(change.values(entry_count=count, proof=head_proof))
