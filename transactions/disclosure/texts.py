"""The words of disclosure, and the description that stands where a title is kept back."""

from enum import StrEnum
from typing import Any

from flask_babel import get_locale, gettext, lazy_gettext, ngettext

from marketplace.rights import fields
from transactions import texts as record_texts
from transactions.disclosure.rules import OfficeGroup, ReaderKind, Shown
from transactions.disclosure.rules.reasons import Reason
from transactions.disclosure.rules.words import Decision, Purpose

REFUSALS: dict[StrEnum, Any] = {
    Reason.BUDGET_SPENT: lazy_gettext(
        "Your institution has asked its %(most)s questions of today; ask again tomorrow."
    ),
    Reason.NO_SUCH_TABLE: lazy_gettext("There is no such table; there are: %(names)s."),
    Reason.NO_SUCH_STEP: lazy_gettext("This is no step of the filter %(name)s."),
    Reason.NOTHING_RELEASED: lazy_gettext("No statistics have been released yet."),
    Reason.REASON_MISSING: lazy_gettext("Say why the record has to be read exactly; the reason is kept."),
    Reason.SAME_PERSON: lazy_gettext("Whoever asked may not decide: a second person has to."),
    Reason.DECIDED_ALREADY: lazy_gettext("This request has been decided already."),
    Reason.TOO_LATE: lazy_gettext("An approval stands for one day; ask again."),
}

PURPOSES = {
    Purpose.LIST: lazy_gettext("a list of sales"),
    Purpose.RECORD: lazy_gettext("the page of the sale"),
    Purpose.DOWNLOAD: lazy_gettext("a download"),
    Purpose.FEED: lazy_gettext("the feed to contributors"),
    Purpose.COMPARABLES: lazy_gettext("comparables of a lot"),
    Purpose.VALUATION: lazy_gettext("a valuation"),
    Purpose.MODEL: lazy_gettext("fitting the model of prices"),
    Purpose.BACKTEST: lazy_gettext("testing the model against later sales"),
    Purpose.STATISTICS: lazy_gettext("released statistics"),
    Purpose.SUPERVISION: lazy_gettext("supervision, by two people with a reason"),
}

DECISIONS = {
    Decision.OPEN: lazy_gettext("waiting for a second person"),
    Decision.APPROVED: lazy_gettext("approved"),
    Decision.REFUSED: lazy_gettext("refused"),
}


KINDS = {
    ReaderKind.PUBLIC: lazy_gettext("anybody"),
    ReaderKind.CONTRIBUTOR: lazy_gettext("contributor"),
    ReaderKind.OWN: lazy_gettext("the institution itself"),
    ReaderKind.REGULATOR: lazy_gettext("regulator"),
    ReaderKind.OPERATOR: lazy_gettext("operator"),
}


OFFICE_GROUPS = {
    OfficeGroup.CN: lazy_gettext("China"),
    OfficeGroup.US: lazy_gettext("United States"),
    OfficeGroup.EUROPE: lazy_gettext("Europe"),
    OfficeGroup.JAPAN_KOREA: lazy_gettext("Japan and Korea"),
    OfficeGroup.OTHER: lazy_gettext("Other offices"),
    OfficeGroup.UNKNOWN: lazy_gettext("office not told"),
}


def description(view: Shown) -> str:
    """What was offered, in the reader's language, from what the reader may see: for want of a title.

    As "Invention patent · 3 rights · Computer technology · G06F".
    """
    facts, parts = view.facts, [str(record_texts.ASSET_TYPES[view.facts.asset_type])]
    if facts.number_of_rights is not None and facts.number_of_rights > 1:
        count = facts.number_of_rights
        about = gettext("about %(count)s rights", count=count)
        exact = ngettext("%(num)s right", "%(num)s rights", count)
        parts.append(about if "number_of_rights" in view.coarse else exact)
    if facts.technology_field is not None:
        parts.append(fields.field_name(facts.technology_field, str(get_locale() or "zh")))
    parts += facts.classes[:2]
    return " · ".join(parts)


def title_of(view: Shown) -> str:
    """The title where it may be shown, else the description."""
    return view.facts.title if view.titled and view.facts.title else description(view)
