"""Which candidates come into the grid: the nearest sales, and the unsold lots that are as near as they."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transactions.comparables import similarity, trend
from transactions.comparables.adjustment import Adjusted, adjust
from transactions.comparables.learning import Learned
from transactions.comparables.trend import Trend
from transactions.comparables.values import Candidate, Rejection, Settings, Subject
from transactions.rules.words import SaleOutcome


@dataclass(frozen=True, slots=True)
class Rejected:
    candidate: Candidate
    reason: Rejection


@dataclass(frozen=True, slots=True)
class Selection:
    """Every candidate stands in exactly one of the three.

    Attributes:
        used: the comparables, nearest first. attempts: unsold lots taken into account, nearest first.
        sold, offered: how many might have served of those that were sold, and of all.
    """

    used: tuple[Adjusted, ...]
    attempts: tuple[Adjusted, ...]
    rejected: tuple[Rejected, ...]
    sold: int
    offered: int


_Near = tuple[float, str, Candidate]


def select(
    subject: Subject, candidates: Iterable[Candidate], settings: Settings, learned: Learned
) -> Selection:
    """Choose and adjust; the order of the candidates makes no difference."""
    near: list[_Near] = []
    rejected: list[Rejected] = []
    for candidate in sorted(candidates, key=lambda one: one.identity):
        reason = similarity.rejection(subject, candidate, settings)
        if reason is None:
            distance = similarity.distance(subject, candidate, learned.weights)
            near.append((distance, candidate.identity, candidate))
        else:
            rejected.append(Rejected(candidate, reason))
    near.sort()
    sold = [one for one in near if one[2].outcome is SaleOutcome.SOLD]
    unsold = [one for one in near if one[2].outcome is not SaleOutcome.SOLD]
    chooser = _Chooser(subject, settings, learned, _trend(subject, sold, settings, learned))
    used, left = chooser.nearest(sold)
    attempts, farther = chooser.as_near(unsold, used[-1].distance if used else 0.0)
    # Of some nothing is known but that they were not sold; they count among the offered all the same.
    unknown = sum(one.reason is Rejection.NOT_SOLD for one in rejected)
    return Selection(
        used=tuple(used),
        attempts=tuple(attempts),
        rejected=(*rejected, *left, *farther),
        sold=len(sold),
        offered=len(near) + unknown,
    )


def _trend(subject: Subject, sold: Iterable[_Near], settings: Settings, learned: Learned) -> Trend:
    if learned.version:
        return Trend({})  # a model has its own
    return trend.measure(subject, (candidate for _, _, candidate in sold), settings)


@dataclass(frozen=True, slots=True)
class _Chooser:
    subject: Subject
    settings: Settings
    learned: Learned
    trend: Trend

    def nearest(self, sold: Sequence[_Near]) -> tuple[list[Adjusted], list[Rejected]]:
        """Up to `most` of the nearest sales, no more of one seller than `most_of_one_seller`.

        Where that leaves fewer than `least`, the seller's next ones fill up: in a young market one bank may
        have sold nearly everything, and that the reader sees from the grid.
        """
        used: list[Adjusted] = []
        left: list[Rejected] = []
        postponed: list[Adjusted] = []
        sellers: Counter[str] = Counter()
        for near in sold:
            adjusted = self._adjusted(near, room=len(used) < self.settings.most)
            seller = near[2].seller
            if isinstance(adjusted, Rejected):
                left.append(adjusted)
            elif seller and sellers[seller] == self.settings.most_of_one_seller:
                postponed.append(adjusted)
            else:
                used.append(adjusted)
                sellers[seller] += 1
        room = max(0, self.settings.least - len(used))
        used = sorted([*used, *postponed[:room]], key=lambda one: (one.distance, one.candidate.identity))
        left += [Rejected(one.candidate, Rejection.NEARER_ONES_USED) for one in postponed[room:]]
        return used, left

    def as_near(self, unsold: Sequence[_Near], reach: float) -> tuple[list[Adjusted], list[Rejected]]:
        """The unsold lots no farther than the farthest comparable: the same neighbourhood, the same rate."""
        attempts: list[Adjusted] = []
        left: list[Rejected] = []
        for near in unsold:
            room = near[0] <= reach and len(attempts) < self.settings.attempts_most
            adjusted = self._adjusted(near, room=room)
            if isinstance(adjusted, Rejected):
                left.append(adjusted)
            else:
                attempts.append(adjusted)
        return attempts, left

    def _adjusted(self, near: _Near, *, room: bool) -> Adjusted | Rejected:
        distance, _identity, candidate = near
        if not room:
            return Rejected(candidate, Rejection.NEARER_ONES_USED)
        if distance > self.settings.distance_limit:
            return Rejected(candidate, Rejection.TOO_DIFFERENT)
        adjusted = adjust(
            self.subject,
            candidate,
            distance,
            self.trend,
            settings=self.settings,
            learned=self.learned,
        )
        if adjusted.gross_basis_points > self.settings.gross_limit:
            return Rejected(candidate, Rejection.ADJUSTED_TOO_MUCH)
        return adjusted
