"""The report on paper, drawn from what is stored: the same valuation gives the same bytes."""

from collections.abc import Sequence

from marketplace.papers import VOICES, Sheet, grouped
from transactions.valuations.drawing import evidence, stated
from transactions.valuations.drawing.pen import Pen
from transactions.valuations.heads import LABEL, TITLE
from transactions.valuations.models import Valuation, ValuationDecision

_TAGS = {"both": "zh-CN", "zh": "zh-CN", "en": "en"}


def draw(
    kept: Valuation, decisions: Sequence[ValuationDecision], address: str, language: str = "both"
) -> bytes:
    """The report as PDF; `language` is a name in `VOICES`, `address` the page that checks it."""
    voice = VOICES[language]
    title = voice.says(TITLE)
    sheet = Sheet(
        title=f"{title[0]} {kept.reference}",
        issuer=kept.institution.name,
        foot=f"{' '.join(title)} · {grouped(kept.code)}",
        issued_at=kept.made_at,
        language=_TAGS[language],
    )
    pen = Pen(sheet, kept, voice)
    sheet.code(address)
    sheet.heading(title[0], " ".join(title[1:]) or kept.reference)
    sheet.paragraph(voice.lines(LABEL))
    for part in (evidence.subject, evidence.value, evidence.comparables, evidence.rejected, evidence.model):
        part(pen)
    for part in (evidence.sale, stated.income, stated.score, stated.bids, stated.limits):
        part(pen)
    stated.decisions(pen, decisions)
    stated.proof(pen, address)
    return sheet.finished()
