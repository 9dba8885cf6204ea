"""Any life of deposits: however holds, wins and defaults follow each other, the books balance.

The same machine runs over the pure rules and over the ledger's tables on SQLite.
"""

import uuid
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from soak import examples

from marketplace.errors import Refused
from payments import ledger
from payments.ledger import AccountName, Purpose
from payments.rules import DEPOSIT_MOVES, DepositStatus, Method
from payments.service import books
from payments.service.distributing import PURPOSES
from payments.waterfall import Distribution, Step, settle_sale

from .ledger_books import DEAL, LosesWhatIsLetGo, MemoryBooks, PaysTwice, SqliteBooks
from .random_sales import a_sale

LOTS = (uuid.UUID(int=1), uuid.UUID(int=2))
BUYERS = (uuid.UUID(int=11), uuid.UUID(int=12))

lots, buyers = st.sampled_from(LOTS), st.sampled_from(BUYERS)
amounts = st.integers(min_value=1, max_value=500)
methods = st.sampled_from((Method.BANK_TRANSFER, Method.STRIPE))
outcomes = st.sampled_from((DepositStatus.RELEASED, DepositStatus.APPLIED, DepositStatus.FORFEITED))


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
        enough = method is Method.STRIPE or self.free.get((lot, buyer), 0) >= minor
        row = {"lot": lot, "buyer": buyer, "minor": minor, "method": method, "captured": False}
        row |= {"key": f"deposit:{len(self.deposits)}", "status": DepositStatus.HELD}
        held = books.deposit_held(lot, buyer, "CNY")
        if method is Method.STRIPE:
            promise = ledger.movement(ledger.cash(Method.STRIPE, "CNY"), held, minor)
            self.books.pend(f"{row['key']}:held", promise)
            done = True
        else:
            done = self.post(f"{row['key']}:held", (source, held, minor))
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
        """Take all or a part of what a card promises; what is not taken is let go."""
        row = data.draw(st.sampled_from(self.deposits))
        if row["method"] is not Method.STRIPE or row["status"] is not DepositStatus.HELD:
            return
        minor = row["minor"] if row["captured"] else data.draw(st.integers(1, row["minor"]))
        self.books.end(f"{row['key']}:held", f"{row['key']}:captured", minor)
        if not row["captured"]:
            self.card, self.gateway = self.card - row["minor"], self.gateway + minor
        row["captured"], row["minor"] = True, minor

    @precondition(lambda self: self.deposits)
    @rule(data=st.data(), outcome=outcomes)
    def end(self, data: st.DataObject, outcome: DepositStatus) -> None:
        """Try any outcome: the table of moves lets one through, once."""
        row = data.draw(st.sampled_from(self.deposits))
        if outcome not in DEPOSIT_MOVES[row["status"]]:
            return
        on_card = row["method"] is Method.STRIPE and not row["captured"]
        if on_card and outcome is not DepositStatus.RELEASED:
            return
        row["status"] = outcome
        if on_card:
            self.books.end(f"{row['key']}:held", f"{row['key']}:ended", None)
            self.card -= row["minor"]
            return
        held = books.deposit_held(row["lot"], row["buyer"], "CNY")
        assert self.post(f"{row['key']}:ended", (held, self._target(row, outcome), row["minor"]))

    def _target(self, row: dict[str, Any], outcome: DepositStatus) -> AccountName:
        place, minor = (row["lot"], row["buyer"]), row["minor"]
        if outcome is DepositStatus.APPLIED:
            self.escrow += minor
            return books.escrow(row["lot"], DEAL, "CNY")
        if outcome is DepositStatus.FORFEITED:
            self.forfeited += minor
            return books.forfeited(row["lot"], DEAL, "CNY")
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

    @rule(lot=lots, seed=st.integers(min_value=0, max_value=2**64))
    def sell(self, lot: uuid.UUID, seed: int) -> None:
        """A random sale is paid in, settled by the waterfall and paid out to those it belongs to."""
        sale, bank = a_sale(Random(seed)), ledger.cash(Method.BANK_TRANSFER, "CNY")
        distribution, key = settle_sale(sale), f"sale:{uuid.uuid4()}"
        if not distribution.received:
            return
        escrow = AccountName(Purpose.ESCROW, "CNY", lot, key)
        owed = {
            AccountName(PURPOSES[step], "CNY", lot, f"{key}:{party}"): minor
            for (step, party), minor in _sums(distribution).items()
        }
        assert self.post(f"{key}:paid", (bank, escrow, distribution.received))
        assert self.post(f"{key}:settled", *((escrow, name, minor) for name, minor in owed.items()))
        assert not self.post(f"{key}:again", (escrow, bank, 1))
        for name, minor in owed.items():
            assert not self.post(f"{key}:too much:{name.code}", (name, bank, minor + 1))
            assert self.post(f"{key}:out:{name.code}", (name, bank, minor))

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
        promised = 0
        for name, standing in self.books.standing().items():
            assert standing.available(name.purpose) >= 0
            balance = ledger.natural(name.purpose, standing.balance)
            sums[name.purpose] = sums.get(name.purpose, 0) + balance
            promised += standing.pending_credit
            assert standing.pending_debit == (
                self.card if name.purpose is Purpose.CASH and "stripe" in name.party else 0
            )
        held = sum(row["minor"] for row in self.deposits if self._is_here(row))
        assert sums.get(Purpose.DEPOSIT_HELD, 0) == held
        assert sums.get(Purpose.BUYER_BALANCE, 0) == sum(self.free.values())
        assert sums.get(Purpose.CASH, 0) == self.bank + self.gateway
        assert promised == self.card
        assert sums.get(Purpose.ESCROW, 0) == self.escrow
        assert sums.get(Purpose.FORFEITED, 0) == self.forfeited

    @staticmethod
    def _is_here(row: dict[str, Any]) -> bool:
        """Whether the deposit is held in money, not in the promise of a card."""
        return row["status"] is DepositStatus.HELD and (row["method"] is not Method.STRIPE or row["captured"])


def _sums(distribution: Distribution) -> dict[tuple[Step, str], int]:
    """What each party gets in each step; nobody gets nothing."""
    sums: dict[tuple[Step, str], int] = {}
    for line in distribution.lines:
        if line.paid:
            sums[line.step, line.party] = sums.get((line.step, line.party), 0) + line.paid
    return sums


class LifeOnSqlite(LifeOfDeposits):
    make_books = SqliteBooks


def _walks(count: int) -> settings:
    return settings(max_examples=examples(count), stateful_step_count=50)


LifeOfDeposits.TestCase.settings = _walks(80)
LifeOnSqlite.TestCase.settings = _walks(8)


@pytest.mark.parametrize("wrong", [LosesWhatIsLetGo, PaysTwice])
def test_wrong_books_turn_the_life_of_deposits_red(wrong: type[MemoryBooks]) -> None:
    machine = type("WrongLife", (LifeOfDeposits,), {"make_books": wrong})
    walks = settings(
        _walks(100),
        database=None,
        derandomize=True,
        print_blob=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run_state_machine_as_test(machine, settings=walks)


TestLifeOfDeposits = LifeOfDeposits.TestCase
TestLifeOnSqlite = LifeOnSqlite.TestCase
