"""Books for the ledger's life: the pure rules over a dict, the service over tables, and wrong ones."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from marketplace import db
from marketplace.db import Base
from payments import ledger, pending, proofs, queries
from payments.ledger import AccountName, Posting, Standing
from payments.models import Account, LedgerEntry, LedgerTransaction
from payments.service import books

DEAL = uuid.UUID(int=21)
TABLES = [Base.metadata.tables[name] for name in ("ledger_accounts", "ledger_transactions", "ledger_entries")]


class MemoryBooks:
    """The pure rules over a dict."""

    def __init__(self) -> None:
        self.balances: dict[AccountName, Standing] = {}
        self.keys: set[str] = set()
        self.promised: dict[str, tuple[Posting, ...]] = {}
        self.entries = 0

    def post(self, key: str, postings: tuple[Posting, ...]) -> None:
        if key in self.keys:
            return
        self.balances |= ledger.after(self.balances, postings)
        self.keys.add(key)
        self.entries += len(postings)

    def pend(self, key: str, postings: tuple[Posting, ...]) -> None:
        if key not in self.keys:
            self.promised[key] = pending.pending(postings)
            self.post(key, self.promised[key])

    def end(self, promise: str, key: str, minor: int | None) -> None:
        """Confirm `minor` of a promise; void it when that is None."""
        if key in self.keys:
            return
        postings = self.promised.pop(promise)
        self.post(key, pending.voided(postings) if minor is None else pending.confirmed(postings, minor))

    def standing(self) -> dict[AccountName, Standing]:
        return self.balances

    def known(self, key: str) -> bool:
        return key in self.keys

    def count(self) -> int:
        return self.entries

    def close(self) -> None:
        """Nothing is open."""


class SqliteBooks:
    """The service over the ledger's tables."""

    def __init__(self) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        # Lots are not part of this model, only their ids are.
        self.engine.raw_connection().cursor().execute("PRAGMA foreign_keys = OFF")
        Base.metadata.create_all(self.engine, tables=TABLES)
        self.session = Session(self.engine)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """What `atomic()` declares, over a session of our own."""
        token = db._writing.set(True)
        try:
            yield self.session
        finally:
            db._writing.reset(token)

    def post(self, key: str, postings: tuple[Posting, ...]) -> None:
        with self._writing() as session:
            books.post(session, key, subject_id=DEAL, lot_id=None, postings=postings)

    def pend(self, key: str, postings: tuple[Posting, ...]) -> None:
        with self._writing() as session:
            books.pend(session, key, subject_id=DEAL, lot_id=None, postings=postings)

    def end(self, promise: str, key: str, minor: int | None) -> None:
        with self._writing() as session:
            row = queries.transaction_by_key(session, promise)
            assert row is not None
            if minor is None:
                books.void(session, row, key)
            else:
                books.confirm(session, row, key, minor=minor)

    def standing(self) -> dict[AccountName, Standing]:
        return {account.name: account.standing for account in self.session.scalars(select(Account))}

    def known(self, key: str) -> bool:
        statement = select(LedgerTransaction.id).where(LedgerTransaction.key == key)
        return self.session.scalar(statement) is not None

    def count(self) -> int:
        return self.session.scalar(select(func.count(LedgerEntry.id))) or 0

    def close(self) -> None:
        """At the end of each life its rows prove that nothing is wrong with any account."""
        broken = {name: problems for name, ask in proofs.CHECKS if (problems := ask(self.session))}
        self.session.close()
        self.engine.dispose()
        assert not broken


class LosesWhatIsLetGo(MemoryBooks):
    """Books that forget to let go of a promise that is voided."""

    def end(self, promise: str, key: str, minor: int | None) -> None:
        if minor is not None:
            super().end(promise, key, minor)


class PaysTwice(MemoryBooks):
    """Books that know no key: what is said twice is booked twice."""

    def post(self, key: str, postings: tuple[Posting, ...]) -> None:
        self.keys.discard(key)
        super().post(key, postings)
