"""Playing an auction frame by frame: the page of frames asked for, the step in view, the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request

from auctions.asking import page_number
from auctions.record.frames import Frame
from auctions.record.texts import REFUSALS
from auctions.rules import Reason
from marketplace.charts import Dot, PriceChart, price_steps
from marketplace.errors import NotFound

FRAMES_A_PAGE = 200
DOTS_DRAWN = 1000


@dataclass(frozen=True, slots=True)
class Player:
    """What `_player.html` reads.

    Attributes:
        path: the page's address, to which the number of a step or page is added.
        opens_at, closed_at: the span of the chart; an earlier or later frame widens it.
    """

    frames: Sequence[Frame]
    path: str
    currency: str
    opens_at: datetime
    closed_at: datetime | None

    @property
    def pages(self) -> int:
        return max((len(self.frames) - 1) // FRAMES_A_PAGE + 1, 1)

    @property
    def step(self) -> Frame | None:
        """The step asked for; without one the page's first; None where nothing happened.

        Raises:
            NotFound: no such step or page.
        """
        sequence = request.args.get("step", type=int)
        if sequence is None:
            return self.shown[0] if self.frames else None
        if not 1 <= sequence <= len(self.frames):
            raise NotFound("step")
        return self.frames[sequence - 1]

    @property
    def page(self) -> int:
        """The page asked for, or that of the step asked for; raises NotFound for none."""
        sequence = request.args.get("step", type=int)
        number = page_number() if sequence is None else (sequence - 1) // FRAMES_A_PAGE + 1
        if not 1 <= number <= self.pages:
            raise NotFound("page")
        return number

    @property
    def shown(self) -> Sequence[Frame]:
        first = (self.page - 1) * FRAMES_A_PAGE
        return self.frames[first : first + FRAMES_A_PAGE]

    @property
    def chart(self) -> PriceChart | None:
        """The price over time; of very many bids the first and the last are drawn."""
        dots = [
            Dot(frame.at, frame.price, frame.leader or "")
            for frame in self.frames
            if frame.price is not None and frame.accepted and frame.amount_minor is not None
        ]
        if not dots:
            return None
        half = DOTS_DRAWN // 2
        drawn = dots if len(dots) <= DOTS_DRAWN else [*dots[:half], *dots[-half:]]
        start, end = self._span()
        return price_steps(drawn, start=start, end=end)

    def place(self, chart: PriceChart | None, moment: datetime) -> int:
        """Where a moment lies on the chart, in its units; for the line that the script moves."""
        start, end = self._span()
        if chart is None or end == start:
            return 0
        return chart.left + round((chart.right - chart.left) * ((moment - start) / (end - start)))

    def refusal(self, reason: str) -> Any:
        """The reason of a refusal in words."""
        return REFUSALS[Reason(reason)]

    def _span(self) -> tuple[datetime, datetime]:
        moments = [frame.at for frame in self.frames]
        start = min([self.opens_at, *moments[:1]])
        return start, max([self.closed_at or self.opens_at, *moments[-1:], start])
