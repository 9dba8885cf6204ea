"""One machine per format: the terms it draws and the naive auction it is compared with."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from auctions.rules import (
    Action,
    ClockTimes,
    Options,
    Pricing,
    Terms,
    Threshold,
    TurnTimes,
)

from .format_machines import OPENS, PRIORITIES, FormatMachine, terms_for
from .reference_english import Reference
from .reference_rounds import NaiveRounds
from .reference_stages import Naive, NaiveDutch, NaiveHybrid, NaiveSealed, Rows, seconds

reserves = st.sampled_from([None, None, 1100, 1500])


class Rounds(FormatMachine):
    name = "english_rounds"
    actions = (Action.BID,) * 6 + (Action.WITHDRAW,) * 3 + (Action.PASS, Action.TAKE, Action.PROXY)

    def draw(self, data: st.DataObject, pack: str) -> tuple[Terms, Naive]:
        rounds, threshold = data.draw(st.integers(1, 3)), data.draw(st.booleans())
        reserve = data.draw(reserves)
        kind = Threshold.START_PLUS_INCREMENT if threshold else Threshold.NONE
        times = TurnTimes(
            rounds=rounds, turn_seconds=10, first_pause_seconds=5, pause_seconds=5, threshold=kind
        )
        naive = NaiveRounds(
            1000, OPENS, PRIORITIES, reserve, pack == "cn-court",
            increment=150, rounds=rounds, turn=10, first_pause=5, pause=5, threshold=threshold,
        )  # fmt: skip
        options = Options(turns=times)
        return terms_for(self.name, pack, options, increment=150, reserve_price=reserve), naive


class Dutch(FormatMachine):
    name = "dutch"
    actions = (Action.TAKE,) * 4 + (Action.BID, Action.PASS, Action.WITHDRAW, Action.PROXY)
    usual_action = Action.TAKE

    def draw(self, data: st.DataObject, pack: str) -> tuple[Terms, Naive]:
        step, steps = data.draw(st.sampled_from([1, 150, 300])), data.draw(st.integers(1, 8))
        reserve = data.draw(st.sampled_from([None, 1, 400, 1000]))
        naive = NaiveDutch(
            1000, OPENS, PRIORITIES, reserve, pack == "cn-court", step=step, interval=10, steps=steps
        )
        times = ClockTimes(step=step, interval_seconds=10, steps=steps)
        return terms_for(self.name, pack, Options(clock=times), reserve_price=reserve), naive


class Hybrid(FormatMachine):
    name = "hybrid_dutch"
    actions = (Action.BID,) * 5 + (Action.WITHDRAW,) * 2 + (Action.TAKE, Action.PASS, Action.PROXY)

    def draw(self, data: st.DataObject, pack: str) -> tuple[Terms, Naive]:
        steps, reserve = data.draw(st.integers(1, 5)), data.draw(st.sampled_from([None, 700]))
        naive = NaiveHybrid(
            1000, OPENS, PRIORITIES, reserve, pack == "cn-court",
            step=100, interval=10, steps=steps, sealed=30, best=20, best_step=10,
        )  # fmt: skip
        times = ClockTimes(
            step=100,
            interval_seconds=10,
            steps=steps,
            sealed_seconds=30,
            best_bid_seconds=20,
            best_bid_step=10,
        )
        return terms_for(self.name, pack, Options(clock=times), reserve_price=reserve), naive


class Sealed(FormatMachine):
    name = "sealed"

    def draw(self, data: st.DataObject, pack: str) -> tuple[Terms, Naive]:
        second, reserve = data.draw(st.booleans()), data.draw(reserves)
        closes = OPENS + timedelta(seconds=60)
        naive = NaiveSealed(
            1000, OPENS, PRIORITIES, reserve, pack == "cn-court", closes=closes, second=second
        )
        options = Options(pricing=Pricing.SECOND if second else Pricing.FIRST)
        return terms_for(self.name, pack, options, reserve_price=reserve, closes_at=closes), naive


class NaiveSaleOff(Naive):
    """The naive English auction, whose first bid starts the countdown."""

    countdown = 40

    def __init__(self, *, reserve: int | None, court: bool, proxy: bool, closes: datetime) -> None:
        super().__init__(1000, OPENS, PRIORITIES, reserve, court)
        self.english = Reference(
            1000, 150, OPENS, closes, proxy, False, None, window=10, priorities=PRIORITIES
        )

    def apply(self, action: str, who: str, amount: int, now: datetime) -> None:
        first = self.english.price is None
        self.english.apply(action, who, amount, now)
        if first:
            self.english.closes = now + seconds(self.countdown)

    def resume(self, now: datetime) -> None:
        assert self.stopped is not None
        self.english.closes += now - self.stopped
        super().resume(now)

    def refusal(self, action: str, who: str, amount: int, now: datetime) -> str | None:
        self.english.suspended, self.english.cancelled = self.stopped, self.cancelled
        if action in {"bid", "proxy"}:
            return self.english.refusal(action, who, amount, now)
        early = self.english.refusal("bid", who, 10**9, now)
        return early if early in {"closed", "not_open", "suspended"} else "not_allowed_in_stage"

    def ended(self, now: datetime) -> bool:
        return self.stopped is None and now >= self.english.closes

    def end(self) -> datetime:
        return self.english.closes - self.lost

    def bids(self) -> int:
        return len(self.english.record)

    def valid_rows(self) -> Rows:
        return {who: (amount, order) for amount, who, _, order in self.english.record}

    def ladder(self, rows: Rows) -> list[str]:
        last = {
            who: (-amount, self.priorities[who] or 99, at, order)
            for amount, who, at, order in self.english.record
        }
        return sorted(rows, key=lambda who: last[who])

    def shown(self, _now: datetime) -> tuple[int | None, str | None]:
        return self.english.price, self.english.leader


class SaleOff(FormatMachine):
    name = "sale_off"
    starts_before = 3
    actions = (Action.BID,) * 6 + (Action.PROXY,) * 3 + (Action.TAKE, Action.PASS)

    def draw(self, data: st.DataObject, pack: str) -> tuple[Terms, Naive]:
        proxy, reserve = data.draw(st.booleans()), data.draw(reserves)
        closes = OPENS + timedelta(seconds=60)
        naive = NaiveSaleOff(reserve=reserve, court=pack == "cn-court", proxy=proxy, closes=closes)
        options = Options(
            proxy=proxy, countdown_seconds=40, extension_window_seconds=10, extension_seconds=10
        )
        values = {"increment": 150, "reserve_price": reserve, "closes_at": closes}
        return terms_for(self.name, pack, options, **values), naive


MACHINES = {machine.name: machine for machine in (Rounds, Dutch, Hybrid, Sealed, SaleOff)}
