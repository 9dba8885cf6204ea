"""What every part of a report is drawn with: the sheet, the valuation, the languages of the paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale

from marketplace.language import money
from marketplace.papers import Sheet, Voice
from transactions.valuations.heads import HEADS
from transactions.valuations.models import Valuation


@dataclass(frozen=True, slots=True)
class Pen:
    """One report in the making."""

    sheet: Sheet
    kept: Valuation
    voice: Voice

    @property
    def result(self) -> Mapping[str, Any]:
        return self.kept.result

    @property
    def asked(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.kept.inputs["asked"]
        return found

    def head(self, name: str) -> str:
        """A heading in the languages of the paper."""
        return self.voice.label(HEADS[name])

    def money(self, minor: int | None) -> str:
        """An amount in the currency of the valuation."""
        return "–" if minor is None else money(minor, self.kept.currency)

    def span(self, part: Mapping[str, int] | None) -> str:
        """A range."""
        if part is None:
            return "–"
        return f"{self.money(part['low_minor'])} – {self.money(part['high_minor'])}"

    def said(self, word: Callable[[Any], str], value: Any) -> str:
        """A word that is made in the reader's language, in the first language of the paper."""
        with force_locale(self.voice.languages[0]):
            return str(word(value))
