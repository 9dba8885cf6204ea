"""A second, naive auction in rounds for comparison; see `reference_stages`."""

from dataclasses import dataclass
from datetime import datetime

from .reference_stages import Naive, Rows, seconds


@dataclass
class NaiveRounds(Naive):
    increment: int = 0
    rounds: int = 3
    turn: int = 0
    first_pause: int = 0
    pause: int = 0
    threshold: bool = False

    def opened(self, _now: datetime) -> bool:
        """Initial bids come before the opening."""
        return True

    def initial(self) -> Rows:
        return self.last_ones([act for act in self.log if act.own < self.opens])

    def end(self) -> datetime:
        turns = self.rounds * len(self.initial()) * self.turn
        return self.opens + seconds(self.first_pause + (self.rounds - 1) * self.pause + turns)

    def walk(self, own: datetime) -> tuple[Rows, str | None, int]:
        """Turn by turn up to a moment: the rows, who speaks, and what the speaker held before."""
        rows, moment = self.initial(), self.opens
        for number in range(self.rounds):
            moment += seconds(self.pause if number else self.first_pause)
            for who in sorted(rows, key=lambda who: (rows[who][0], -rows[who][1])):
                if own < moment:
                    return rows, None, 0
                held, moment = rows[who], moment + seconds(self.turn)
                begins = moment - seconds(self.turn)
                for act in self.log:
                    if begins <= act.own < moment and act.action in {"bid", "withdraw"}:
                        same = act.action == "bid" and rows[who][0] == act.amount
                        said = (act.amount, act.order) if act.action == "bid" else held
                        rows[who] = rows[who] if same else said
                if own < moment:
                    return rows, who, held[0]
        return rows, None, 0

    def stage_refusal(self, action: str, who: str, amount: int, own: datetime) -> str | None:
        if own < self.opens:
            if action != "bid":
                return "not_allowed_in_stage"
            return "below_start" if amount < self.start else None
        _, speaker, held = self.walk(own)
        if speaker is None or action == "take":
            return "not_allowed_in_stage"
        if speaker != who:
            return "not_your_turn"
        return "below_minimum" if action == "bid" and amount < held + self.increment else None

    def valid_rows(self) -> Rows:
        rows, _, _ = self.walk(self.end())
        least = self.start + self.increment if self.threshold else 0
        return {who: row for who, row in rows.items() if row[0] >= least}

    def shown(self, now: datetime) -> tuple[int | None, str | None]:
        rows, _, _ = self.walk(self.own(now))
        if self.own(now) < self.opens or not rows:
            return None, None
        best = self.ladder(rows)[0]
        return rows[best][0], best
