"""Up to five lots side by side, each as anybody may see it."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext, ngettext

from auctions.models import Auction
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from marketplace.rights.models import Right
from marketplace.rights.texts import ENCUMBRANCES
from search.labels import field_label
from search.presentation import price_now, times_of
from search.reasons import SearchReason

MOST = 5
RIGHTS_SHOWN = 10
"""Rights of a lot that are compared one by one; of the others only the number is said."""

CLASSES_SHOWN = 5
"""Classes of one right."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A lot in the comparison; prices in minor units of its currency.

    Attributes:
        rights: the first RIGHTS_SHOWN. more: how many others there are.
        classes, technology_fields, lives: of these rights, in words; how much of its term is left is a dash
            where nobody knows.
        encumbrances: kinds of what lies on its rights, each with how often.
        price_minor: the price bid so far where everybody may see it, else None.
    """

    lot: Lot
    rights: list[Right]
    more: int
    classes: list[str]
    technology_fields: list[str]
    lives: list[str]
    encumbrances: list[str]
    price_minor: int | None
    opens_at: datetime | None
    closes_at: datetime | None


def asked_lots(texts: Sequence[str]) -> list[uuid.UUID]:
    """The lots to compare, each once, in the order given.

    Raises:
        Refused: more than MOST, or a text that is no id of a lot.
    """
    found: dict[uuid.UUID, None] = {}
    for text in texts:
        try:
            found[uuid.UUID(text)] = None
        except ValueError:
            raise Refused(SearchReason.UNKNOWN_CHOICE, "lot", value=text[:40]) from None
    if len(found) > MOST:
        raise Refused(SearchReason.TOO_MANY_LOTS, "lot", most=MOST)
    return list(found)


def compared(lots: Sequence[Lot], auctions: Mapping[uuid.UUID, Auction], now: datetime) -> list[Compared]:
    """The lots as columns of the comparison, in their order; days are counted in the zone of `now`."""
    return [_compared(lot, auctions.get(lot.id), now) for lot in lots]


def _compared(lot: Lot, auction: Auction | None, now: datetime) -> Compared:
    rights = lot.rights[:RIGHTS_SHOWN]
    opens_at, closes_at = times_of(lot, auction)
    kinds = Counter(found.kind for right in lot.rights for found in right.encumbrances)
    return Compared(
        lot=lot,
        rights=rights,
        more=len(lot.rights) - len(rights),
        classes=[gettext(", ").join(right.classes[:CLASSES_SHOWN]) for right in rights],
        technology_fields=[_field(right) for right in rights],
        lives=[life_left(right.expires_on, now.date()) for right in rights],
        encumbrances=[f"{ENCUMBRANCES[kind]} × {many}" for kind, many in sorted(kinds.items())],
        price_minor=price_now(auction, now),
        opens_at=opens_at,
        closes_at=closes_at,
    )


def _field(right: Right) -> str:
    return "" if right.technology_field is None else field_label(right.technology_field)


def of_each_right(values: Iterable[object]) -> list[str]:
    """What is told of each right in their order, a dash for nothing; what is the same of all stands once."""
    told = ["–" if value is None or value == "" else str(value) for value in values]
    if len(told) < 2 or len(set(told)) > 1:
        return told
    return [told[0] if told[0] == "–" else f"{told[0]} × {len(told)}"]


def life_left(expires_on: date | None, today: date) -> str:
    """Whole years and months until a right ends, in words."""
    if expires_on is None:
        return "–"
    if expires_on < today:
        return str(gettext("term ended"))
    months = (expires_on.year - today.year) * 12 + expires_on.month - today.month
    years, rest = divmod(months - (expires_on.day < today.day), 12)
    parts = [ngettext("%(num)s year", "%(num)s years", years)] if years else []
    parts += [ngettext("%(num)s month", "%(num)s months", rest)] if rest or not years else []
    return " ".join(parts)
