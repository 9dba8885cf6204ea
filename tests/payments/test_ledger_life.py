"""Any life of deposits: however holds, wins and defaults follow each other, the books balance.

The same machine runs over the pure rules (some 21,000 steps) and over the ledger's tables on SQLite (2,300).
"""

import uuid
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from soak import examples
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from marketplace import db
from marketplace.db import Base
from marketplace.errors import Refused
from payments import ledger
from payments.ledger import AccountName, Posting, Purpose
from payments.models import Account, LedgerEntry, LedgerTransaction
from payments.rules import DEPOSIT_MOVES, DEPOSIT_OUTCOMES, DepositStatus, Method
from payments.service import books

LOTS = (uuid.UUID(int=1), uuid.UUID(int=2))
BUYERS = (uuid.UUID(int=11), uuid.UUID(int=12))
DEAL = uuid.UUID(int=21)
TABLES = [Base.metadata.tables[name] for name in ("ledger_accounts", "ledger_transactions", "ledger_entries")]

lots, buyers = st.sampled_from(LOTS), st.sampled_from(BUYERS)
amounts = st.integers(min_value=1, max_value=500)
methods = st.sampled_from(Method)


class MemoryBooks:
    """The pure rules over a dict."""

    def __init__(self) -> None:
        self.balances: dict[AccountName, int] = {}
        self.keys: set[str] = set()
        self.entries = 0

    def post(self, key: str, postings: tuple[Posting, ...]) -> None:
        if key in self.keys:
            return
        self.balances |= ledger.after(self.balances, postings)
        self.keys.add(key)
        self.entries += len(postings)

    def standing(self) -> dict[AccountName, int]:
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

    def post(self, key: str, postings: tuple[Posting, ...]) -> None:
        # What `atomic()` declares, over a session of our own.
        token = db._writing.set(True)
        try:
            books.post(self.session, key, subject_id=DEAL, lot_id=None, postings=postings)
        finally:
            db._writing.reset(token)

    def standing(self) -> dict[AccountName, int]:
        total = self.session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount_minor), 0)))
        assert total == 0
        return {account.name: account.balance_minor for account in self.session.scalars(select(Account))}

    def known(self, key: str) -> bool:
        statement = select(LedgerTransaction.id).where(LedgerTransaction.key == key)
        return self.session.scalar(statement) is not None

    def count(self) -> int:
        return self.session.scalar(select(func.count(LedgerEntry.id))) or 0

    def close(self) -> None:
        self.session.close()
        self.engine.dispose()


class LifeOfDeposits(RuleBasedStateMachine):
    """A model of who owns what beside the ledger itself; both must agree after every step."""

    make_books: type[MemoryBooks | SqliteBooks] = MemoryBooks

    def __init__(self) -> None:
        super().__init__()
        self.books = self.make_books()
        self.free: dict[tuple[uuid.UUID, uuid.UUID], int] = {}
        self.deposits: list[dict[str, Any]] = []
        self.escrow = self.forfeited = self.bank = self.gateway = self.card = 0

    def teardown(self) -> None:
        self.books.close()

    def post(self, key: str, *movements: tuple[AccountName, AccountName, int]) -> bool:
        try:
            self.books.post(key, tuple(part for one in movements for part in ledger.movement(*one)))
        except Refused:
            return False
        return True

    @initialize(lot=lots, buyer=buyers, minor=amounts)
    def first_money(self, lot: uuid.UUID, buyer: uuid.UUID, minor: int) -> None:
        self.money_arrives(lot, buyer, minor)

    @rule(lot=lots, buyer=buyers, minor=amounts)
    def money_arrives(self, lot: uuid.UUID, buyer: uuid.UUID, minor: int) -> None:
        own = books.buyer_balance(lot, buyer, "CNY")
        assert self.post(f"receipt:{uuid.uuid4()}", (ledger.cash(Method.BANK_TRANSFER, "CNY"), own, minor))
        self.free[lot, buyer] = self.free.get((lot, buyer), 0) + minor
        self.bank += minor

    @rule(lot=lots, buyer=buyers, minor=amounts, method=methods)
    def hold(self, lot: uuid.UUID, buyer: uuid.UUID, minor: int, method: Method) -> None:
        source = books.buyer_balance(lot, buyer, "CNY")
        if method is Method.STRIPE:
            source = ledger.authorised("CNY")
        enough = method is Method.STRIPE or self.free.get((lot, buyer), 0) >= minor
        row = {"lot": lot, "buyer": buyer, "minor": minor, "method": method, "captured": False}
        row |= {"key": f"deposit:{len(self.deposits)}", "status": DepositStatus.HELD}
        done = self.post(f"{row['key']}:held", (source, books.deposit_held(lot, buyer, "CNY"), minor))
        assert done == enough
        if not done:
            row["status"] = DepositStatus.PENDING
        elif method is Method.STRIPE:
            self.card += minor
        else:
            self.free[lot, buyer] -= minor
        self.deposits.append(row)

    @precondition(lambda self: self.deposits)
    @rule(data=st.data())
    def capture(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.deposits))
        if row["method"] is not Method.STRIPE or row["status"] is not DepositStatus.HELD:
            return
        moved = (ledger.cash(Method.STRIPE, "CNY"), ledger.authorised("CNY"), row["minor"])
        assert self.post(f"{row['key']}:captured", moved)
        if not row["captured"]:
            self.card, self.gateway = self.card - row["minor"], self.gateway + row["minor"]
        row["captured"] = True

    @precondition(lambda self: self.deposits)
    @rule(data=st.data(), outcome=st.sampled_from(DepositStatus))
    def end(self, data: st.DataObject, outcome: DepositStatus) -> None:
        """Try any outcome: the table of moves lets one through, once."""
        row = data.draw(st.sampled_from(self.deposits))
        allowed = outcome in DEPOSIT_MOVES[row["status"]]
        if not allowed or outcome not in DEPOSIT_OUTCOMES or outcome is DepositStatus.FAILED:
            return
        on_card = row["method"] is Method.STRIPE and not row["captured"]
        if on_card and outcome is not DepositStatus.RELEASED:
            return
        held = books.deposit_held(row["lot"], row["buyer"], "CNY")
        assert self.post(
            f"{row['key']}:ended", (held, self._target(row, outcome, on_card=on_card), row["minor"])
        )
        row["status"] = outcome

    def _target(self, row: dict[str, Any], outcome: DepositStatus, *, on_card: bool) -> AccountName:
        place, minor = (row["lot"], row["buyer"]), row["minor"]
        if outcome is DepositStatus.APPLIED:
            self.escrow += minor
            return books.escrow(row["lot"], DEAL, "CNY")
        if outcome is DepositStatus.FORFEITED:
            self.forfeited += minor
            return books.forfeited(row["lot"], DEAL, "CNY")
        if on_card:
            self.card -= minor
            return ledger.authorised("CNY")
        self.free[place] = self.free.get(place, 0) + minor
        return books.buyer_balance(*place, "CNY")

    @precondition(lambda self: self.deposits)
    @rule(data=st.data())
    def say_it_again(self, data: st.DataObject) -> None:
        """A notice that comes twice posts nothing new."""
        row = data.draw(st.sampled_from(self.deposits))
        before = self.books.count()
        for what in ("held", "captured", "ended"):
            if self.books.known(f"{row['key']}:{what}"):
                held = books.deposit_held(row["lot"], row["buyer"], "CNY")
                assert self.post(f"{row['key']}:{what}", (held, held, row["minor"]))
        assert self.books.count() == before

    @rule(lot=lots, buyer=buyers, minor=amounts)
    def pay_back(self, lot: uuid.UUID, buyer: uuid.UUID, minor: int) -> None:
        own, bank = books.buyer_balance(lot, buyer, "CNY"), ledger.cash(Method.BANK_TRANSFER, "CNY")
        done = self.post(f"payout:{uuid.uuid4()}", (own, bank, minor))
        assert done == (self.free.get((lot, buyer), 0) >= minor and self.bank >= minor)
        if done:
            self.free[lot, buyer] -= minor
            self.bank -= minor

    @rule(minor=amounts)
    def gateway_pays_bank(self, minor: int) -> None:
        bank, gateway = ledger.cash(Method.BANK_TRANSFER, "CNY"), ledger.cash(Method.STRIPE, "CNY")
        done = self.post(f"collected:{uuid.uuid4()}", (bank, gateway, minor))
        assert done == (self.gateway >= minor)
        if done:
            self.bank, self.gateway = self.bank + minor, self.gateway - minor

    @invariant()
    def the_books_agree_with_the_model(self) -> None:
        sums: dict[Purpose, int] = {}
        for name, balance in self.books.standing().items():
            standing = ledger.natural(name.purpose, balance)
            assert standing >= 0
            sums[name.purpose] = sums.get(name.purpose, 0) + standing
        held = sum(row["minor"] for row in self.deposits if row["status"] is DepositStatus.HELD)
        assert sums.get(Purpose.DEPOSIT_HELD, 0) == held
        assert sums.get(Purpose.BUYER_BALANCE, 0) == sum(self.free.values())
        assert sums.get(Purpose.CASH, 0) == self.bank + self.gateway
        assert sums.get(Purpose.AUTHORISED, 0) == self.card
        assert sums.get(Purpose.ESCROW, 0) == self.escrow
        assert sums.get(Purpose.FORFEITED, 0) == self.forfeited


class LifeOnSqlite(LifeOfDeposits):
    make_books = SqliteBooks


def _walks(count: int) -> settings:
    slow = [HealthCheck.too_slow]
    return settings(
        max_examples=examples(count), stateful_step_count=50, deadline=None, suppress_health_check=slow
    )


LifeOfDeposits.TestCase.settings = _walks(450)
LifeOnSqlite.TestCase.settings = _walks(50)
TestLifeOfDeposits = LifeOfDeposits.TestCase
TestLifeOnSqlite = LifeOnSqlite.TestCase
