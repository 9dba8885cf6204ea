"""Who may not bid, by procedure: each line with the article it comes from, or the word that it is our own.

Only what was read in the law (`Basis.READ`) is shown as law, and no exemption lifts it. Everything else is a
default of the platform, from which two persons may except one institution for one lot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from auctions.fair_play.rules.ties import PERSONAL, TieKind
from marketplace.rule_packs import Basis

OWN_SOURCE = "platform default"


class Capacity(StrEnum):
    """What an institution is to a sale."""

    SELLER = "seller"
    SELLING_AGENCY = "selling_agency"
    OPERATOR = "operator"
    COURT = "court"
    AUXILIARY = "auxiliary"
    APPRAISER = "appraiser"
    DEBTOR = "debtor"
    PLEDGOR = "pledgor"
    GUARANTOR = "guarantor"
    DEFAULTER = "defaulter"
    LISTED = "listed"


# What the operator may record about a lot; the other capacities follow from what is known anyway.
RECORDED = (
    Capacity.COURT,
    Capacity.AUXILIARY,
    Capacity.APPRAISER,
    Capacity.DEBTOR,
    Capacity.PLEDGOR,
    Capacity.GUARANTOR,
)
# A tie to these says that somebody may hide behind another: for a person to look at, not yet a bar.
LOOKED_AT_THROUGH_TIES = frozenset({Capacity.DEFAULTER, Capacity.LISTED})
# Bodies whose staff and near relatives the law bars with them.
_BODIES = frozenset({Capacity.OPERATOR, Capacity.COURT, Capacity.AUXILIARY})


@dataclass(frozen=True, slots=True)
class Ban:
    """One line of the policy.

    Attributes:
        barred: whether this capacity may not bid; False where the rules let it.
        liftable: whether two persons may except somebody from it.
    """

    barred: bool
    basis: Basis
    source: str
    liftable: bool


def _law(source: str, *, barred: bool = True) -> Ban:
    return Ban(barred=barred, basis=Basis.READ, source=source, liftable=False)


def _own(*, barred: bool = True, liftable: bool = True) -> Ban:
    return Ban(barred=barred, basis=Basis.OWN, source=OWN_SOURCE, liftable=liftable)


_EVERYWHERE: dict[Capacity, Ban] = {
    **{capacity: _own() for capacity in Capacity},
    # Whoever sells or runs the sale never bids in it, and nobody is excepted from a list one by one:
    # an entry is lifted from the list, by two persons, or stands.
    Capacity.SELLER: _own(liftable=False),
    Capacity.OPERATOR: _own(liftable=False),
    Capacity.LISTED: _own(liftable=False),
}

_AUCTION_LAW = _EVERYWHERE | {
    Capacity.SELLER: _law("拍卖法 art. 30"),
    Capacity.OPERATOR: _law("拍卖法 art. 22"),
}

_COURT = _EVERYWHERE | {
    Capacity.OPERATOR: _law("法释〔2016〕18号 art. 34"),
    Capacity.COURT: _law("法释〔2016〕18号 art. 34"),
    Capacity.AUXILIARY: _law("法释〔2016〕18号 art. 34"),
    Capacity.DEFAULTER: _law("法释〔2016〕18号 art. 24"),
    # Applicant and debtor may bid in a judicial sale.
    Capacity.DEBTOR: _law("拍卖、变卖规定 art. 12", barred=False),
    Capacity.PLEDGOR: _own(barred=False),
    Capacity.GUARANTOR: _own(barred=False),
}

_BY_PACK = {"cn-court": _COURT, "cn-bank": _AUCTION_LAW}


def ban_on(pack: str, capacity: Capacity) -> Ban:
    """The line for a capacity in a sale under the rule pack of this name."""
    return _BY_PACK.get(pack, _EVERYWHERE)[capacity]


def ban_through_ties(pack: str, capacity: Capacity, kinds: Sequence[TieKind]) -> Ban:
    """The same for somebody tied to that capacity.

    The law bars staff and near relatives of the bodies that run a judicial sale; an owner or a company of
    the same group it does not name, so there the ban is the platform's own and can be lifted.
    """
    ban = ban_on(pack, capacity)
    of_the_body = capacity in _BODIES and len(kinds) == 1 and kinds[0] in PERSONAL
    if ban.basis is Basis.READ and (of_the_body or not ban.barred):
        return ban
    return _own(barred=ban.barred)
