"""Who reads: a visitor, a contributing system, an institution, an authority, the operator."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from transactions.rules.facts import SaleFacts


class ReaderKind(StrEnum):
    """PUBLIC: anybody. CONTRIBUTOR: a system that sends sales. OWN: a signed-in institution.

    REGULATOR and OPERATOR see no more than the others until two of their people have asked with a reason.
    """

    PUBLIC = "public"
    CONTRIBUTOR = "contributor"
    OWN = "own"
    REGULATOR = "regulator"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who asks for records.

    Attributes:
        marketplaces: of which it is a member or the sender.
        seller_parents: tokens of its ultimate parent; own is what comes from both at once.
    """

    kind: ReaderKind = ReaderKind.PUBLIC
    marketplaces: frozenset[str] = frozenset()
    seller_parents: frozenset[str] = frozenset()


ANYBODY = Reader()
_WITH_OWN_SALES = frozenset({ReaderKind.OWN, ReaderKind.CONTRIBUTOR})


def owns(reader: Reader, facts: SaleFacts) -> bool:
    """Whether the sale is the reader's own: of its marketplace and of its own parent."""
    return (
        reader.kind in _WITH_OWN_SALES
        and bool(facts.seller_parent)
        and facts.seller_parent in reader.seller_parents
        and facts.source_marketplace in reader.marketplaces
    )


def released(facts: SaleFacts, on: date) -> bool:
    """Whether the day has come on which others may see of the sale what its tier lets them."""
    return facts.release_on is None or facts.release_on <= on
