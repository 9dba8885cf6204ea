"""From when on bidding may open, in words, with the article that says so."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from marketplace.language import moment
from marketplace.rule_packs import Pack, notice_period
from marketplace.rule_packs.words import source_text


@dataclass(frozen=True, slots=True)
class EarliestOpening:
    """What the notice period of a pack means for one announcement.

    Attributes:
        at: the earliest moment; None where there is no period, or it cannot be counted.
        is_law: False where the number is custom or not confirmed: then it only warns.
    """

    text: str
    at: datetime | None = None
    is_law: bool = False


def earliest_opening(pack: Pack, published_at: datetime, attempt: int) -> EarliestOpening:
    """When bidding may open if the sale was published at that moment; `attempt` is the round."""
    period = notice_period(pack, published_at, attempt)
    if period is None:
        return EarliestOpening(str(gettext("These rules ask for no notice.")))
    article = source_text(period.rule.source)
    if period.earliest is None:
        text = gettext(
            "%(days)s working days of notice (%(article)s), which cannot be counted here: the holidays of "
            "%(year)s are not known yet.",
            days=period.rule.value,
            article=article,
            year=period.unknown_year,
        )
        return EarliestOpening(str(text), None, period.rule.is_law)
    details = {"moment": moment(period.earliest), "days": period.rule.value, "article": article}
    if period.working:
        text = gettext(
            "Bidding may open on %(moment)s at the earliest: %(days)s working days of notice (%(article)s).",
            **details,
        )
    else:
        text = gettext(
            "Bidding may open on %(moment)s at the earliest: %(days)s days of notice (%(article)s).",
            **details,
        )
    return EarliestOpening(str(text), period.earliest, period.rule.is_law)
