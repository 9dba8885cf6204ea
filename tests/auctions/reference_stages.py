"""Second, naive auctions for comparison, one per format with stages or seals.

Each keeps nothing but the list of accepted acts on the auction's own clock, which stands still while it is
suspended, and looks through all of it from the start for every question. Written from the rules' text, not
from `auctions.formats`; it shares no code with it.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NEVER = datetime.max.replace(tzinfo=UTC)


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


@dataclass(frozen=True)
class Act:
    order: int
    own: datetime
    who: str
    action: str
    amount: int


Rows = dict[str, tuple[int, int]]


@dataclass
class Naive:
    """What all share. A row is an amount and the order of the act that set it."""

    start: int
    opens: datetime
    priorities: dict[str, int | None]
    reserve: int | None = None
    court: bool = False
    log: list[Act] = field(default_factory=list)
    lost: timedelta = timedelta(0)
    stopped: datetime | None = None
    cancelled: bool = False
    struck: list[str] = field(default_factory=list)

    def own(self, now: datetime) -> datetime:
        return (self.stopped or now) - self.lost

    def bids(self) -> int:
        return len([act for act in self.log if act.action in {"bid", "take"}])

    def ladder(self, rows: Rows) -> list[str]:
        return sorted(rows, key=lambda who: (-rows[who][0], self.priorities[who] or 99, rows[who][1]))

    def apply(self, action: str, who: str, amount: int, now: datetime) -> None:
        self.log.append(Act(len(self.log), self.own(now), who, action, amount))

    def resume(self, now: datetime) -> None:
        assert self.stopped is not None
        self.lost, self.stopped = self.lost + (now - self.stopped), None

    def last_ones(self, acts: list[Act], rows: Rows | None = None) -> Rows:
        """The last bid of everybody; a repeated amount keeps its place, a withdrawn one is gone."""
        found = dict(rows or {})
        for act in acts:
            if act.action == "withdraw":
                found.pop(act.who, None)
            elif act.who not in found or found[act.who][0] != act.amount:
                found[act.who] = (act.amount, act.order)
        return found

    def result(self, now: datetime) -> tuple[str, str | None, int | None, str | None]:
        """Outcome, winner, price and reason at `now`."""
        if self.cancelled:
            return "cancelled", None, None, None
        if not self.ended(now):
            return "open", None, None, None
        rows = self.valid_rows()
        best = self.ladder(rows)
        if not rows or rows[best[0]][0] < (self.reserve or 0):
            return "unsold", None, None, "reserve_not_met" if rows else "no_bids"
        if not self.struck:
            return "sold", best[0], self.price_paid(rows, best), None
        left = [who for who in best if who not in self.struck and rows[who][0] >= (self.reserve or 0)]
        if self.court or not left:
            return "unsold", None, None, "winner_defaulted"
        return "sold", left[0], rows[left[0]][0], None

    def price_paid(self, rows: Rows, best: list[str]) -> int:
        return rows[best[0]][0]

    def ended(self, now: datetime) -> bool:
        return self.stopped is None and self.own(now) >= self.end()

    def end(self) -> datetime:
        raise NotImplementedError

    def valid_rows(self) -> Rows:
        raise NotImplementedError

    def refusal(self, action: str, who: str, amount: int, now: datetime) -> str | None:
        if self.cancelled or self.ended(now):
            return "closed"
        if not self.opened(now):
            return "not_open"
        if self.stopped is not None:
            return "suspended"
        if action == "proxy":
            return "proxy_not_offered"
        return self.stage_refusal(action, who, amount, self.own(now))

    def opened(self, now: datetime) -> bool:
        """Whether bids are taken yet: suspensions move the whole schedule, its start too."""
        return now - self.lost >= self.opens

    def stage_refusal(self, action: str, who: str, amount: int, own: datetime) -> str | None:
        raise NotImplementedError

    def shown(self, _now: datetime) -> tuple[int | None, str | None]:
        """Price and leader while it is open."""
        return None, None


@dataclass
class NaiveSealed(Naive):
    closes: datetime = NEVER
    second: bool = False

    def end(self) -> datetime:
        return self.closes

    def opened(self, now: datetime) -> bool:
        """A suspension moves the end only, not the opening."""
        return now >= self.opens

    def stage_refusal(self, action: str, _who: str, amount: int, _own: datetime) -> str | None:
        if action != "bid":
            return "not_allowed_in_stage"
        return "below_start" if amount < self.start else None

    def valid_rows(self) -> Rows:
        return self.last_ones(self.log)

    def price_paid(self, rows: Rows, best: list[str]) -> int:
        if not self.second:
            return rows[best[0]][0]
        floor = self.start if self.reserve is None else max(self.reserve, self.start)
        return max(rows[best[1]][0], floor) if len(best) > 1 else floor


@dataclass
class NaiveDutch(Naive):
    step: int = 0
    interval: int = 0
    steps: int = 0
    unit: int = 100

    def prices(self) -> list[int]:
        lowest = min(self.unit, self.start) if self.reserve is None else self.reserve
        falling = [self.start - number * self.step for number in range(self.steps + 1)]
        return [max(price, lowest) for price in falling]

    def price_at(self, own: datetime) -> int | None:
        """Every price with the time for which it stands, one after the other."""
        begins = self.opens
        for price in self.prices():
            if begins <= own < begins + seconds(self.interval):
                return price
            begins += seconds(self.interval)
        return None

    def taken(self) -> Act | None:
        return next((act for act in self.log if act.action == "take"), None)

    def clock_end(self) -> datetime:
        return self.opens + seconds(self.interval * (self.steps + 1))

    def end(self) -> datetime:
        taken = self.taken()
        return self.clock_end() if taken is None else taken.own

    def refusal(self, action: str, who: str, amount: int, now: datetime) -> str | None:
        if self.taken() and action == "take" and self.own(now) < self.clock_end():
            return "taken"
        return super().refusal(action, who, amount, now)

    def stage_refusal(self, action: str, _who: str, amount: int, own: datetime) -> str | None:
        if action != "take":
            return "not_allowed_in_stage"
        return None if amount == self.price_at(own) else "stale_price"

    def valid_rows(self) -> Rows:
        taken = self.taken()
        return {taken.who: (taken.amount, taken.order)} if taken else {}


@dataclass
class NaiveHybrid(NaiveDutch):
    sealed: int = 0
    best: int = 0
    best_step: int = 0

    def unsealed_at(self) -> datetime:
        taken = self.taken()
        assert taken is not None
        return taken.own + seconds(self.sealed)

    def sealed_rows(self) -> Rows:
        early = [act for act in self.log if act.action != "take" and act.own < self.unsealed_at()]
        return self.last_ones(early)

    def end(self) -> datetime:
        if self.taken() is None:
            return self.clock_end()
        return self.unsealed_at() + seconds(self.best if self.sealed_rows() else 0)

    def refusal(self, action: str, who: str, amount: int, now: datetime) -> str | None:
        return Naive.refusal(self, action, who, amount, now)

    def stage_refusal(self, action: str, who: str, amount: int, own: datetime) -> str | None:
        taken = self.taken()
        if taken is None:
            return super().stage_refusal(action, who, amount, own)
        if action == "take":
            return "taken"
        late = own >= self.unsealed_at()
        if action == "pass" or (who == taken.who) != late:
            return "not_allowed_in_stage"
        if action == "withdraw":
            return None
        bound = max(row[0] for row in self.sealed_rows().values()) + self.best_step if late else None
        return "below_minimum" if amount < (bound or taken.amount + 1) else None

    def valid_rows(self) -> Rows:
        taken = self.taken()
        if taken is None:
            return {}
        late = [act for act in self.log if act.action != "take" and act.own >= self.unsealed_at()]
        own_rows = super().valid_rows()
        return own_rows | self.sealed_rows() | self.last_ones(late)

    def shown(self, now: datetime) -> tuple[int | None, str | None]:
        taken = self.taken()
        if taken is None:
            return None, None
        rows = self.valid_rows() if self.own(now) >= self.unsealed_at() else super().valid_rows()
        best = self.ladder(rows)[0]
        return rows[best][0], best
