"""A second, naive English auction for comparison: a list of bids looked through from the start every time.

Written from the rules' text, not from `auctions.formats`; it shares no code with it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class Reference:
    start: int
    step: int
    opens: datetime
    closes: datetime
    proxy: bool
    grid: bool
    hard_stop: datetime | None
    window: int = 300
    priorities: dict[str, int | None] = field(default_factory=dict)
    record: list[tuple[int, str, datetime, int]] = field(default_factory=list)
    limits: dict[str, tuple[int, int]] = field(default_factory=dict)
    acts: int = 0
    suspended: datetime | None = None
    cancelled: bool = False

    def strength(self, who: str) -> int:
        order = self.priorities[who]
        return 99 if order is None else order

    @property
    def price(self) -> int | None:
        return max((bid[0] for bid in self.record), default=None)

    @property
    def leader(self) -> str | None:
        """Of those at the highest amount: the strongest, then the earlier commitment."""
        at_top = [bid for bid in self.record if bid[0] == self.price]
        if not at_top:
            return None
        return min(at_top, key=lambda bid: (self.strength(bid[1]), bid[2], bid[3]))[1]

    def limit(self, who: str) -> tuple[int, int]:
        return self.limits.get(who, (0, 10**9))

    def ended(self, now: datetime) -> bool:
        return self.cancelled or (self.suspended is None and now >= self.closes)

    def refusal(self, action: str, who: str, amount: int, now: datetime) -> str | None:
        """The first of the faults in the order of the checks."""
        leads, price = self.leader == who, self.price
        faults = {
            "closed": self.ended(now),
            "not_open": now < self.opens,
            "suspended": self.suspended is not None,
            "proxy_not_offered": action == "proxy" and not self.proxy,
            "already_leading": leads and action == "bid",
            "lower_than_maximum": leads and amount < max(self.limit(who)[0], price or 0),
            "below_start": price is None and amount < self.start,
            "below_minimum": not leads and price is not None and self.too_low(who, amount, price),
            "off_grid": self.grid and (amount - self.start) % self.step != 0,
        }
        return next((reason for reason, present in faults.items() if present), None)

    def too_low(self, who: str, amount: int, price: int) -> bool:
        matches = amount == price and self.strength(who) < self.strength(self.leader or "")
        return amount < price + self.step and not matches

    def apply(self, action: str, who: str, amount: int, now: datetime) -> None:
        before, leader = self.price, self.leader
        self.acts += 1
        if action == "proxy" and self.limit(who)[0] != amount:
            self.limits[who] = (amount, self.acts)
        if leader == who:
            return
        reach = max(self.limit(leader)[0], before or 0) if leader else 0
        if action == "bid":
            own = amount
        elif leader is None:
            own = self.start
        else:
            own = min(amount, reach + self.step)
        self.record.append((own, who, now, self.acts))
        if leader is not None and self.answers(leader, who, own):
            reach, committed = self.limit(leader)
            self.record.append((min(reach, own + self.step), leader, now, committed))
        if action == "bid" or self.price != before:
            self.extend(now)

    def answers(self, leader: str, who: str, own: int) -> bool:
        reach = self.limit(leader)[0]
        return reach > own or (reach == own and not self.strength(who) < self.strength(leader))

    def extend(self, now: datetime) -> None:
        if (self.closes - now).total_seconds() <= self.window:
            new = now + timedelta(seconds=self.window)
            self.closes = max(self.closes, min(new, self.hard_stop) if self.hard_stop else new)
