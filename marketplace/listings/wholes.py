"""A whole: a lot that offers the rights of several others together, to be sold so or apart. Pure checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import Refused
from marketplace.listings.rules import AuctionFormat, LotStatus
from marketplace.listings.terms import LotTerms

FEWEST_PARTS = 2
MOST_PARTS = 20

# Both ways are decided at one moment on open bids, so all of them must run in this format.
FORMAT = AuctionFormat.ENGLISH

# A lot that may still become part of a whole: nothing of it runs or is decided.
FREE = frozenset(
    {LotStatus.DRAFTED, LotStatus.SUBMITTED, LotStatus.APPROVED, LotStatus.PUBLISHED, LotStatus.UNSOLD}
)


class WholeReason(StrEnum):
    TOO_FEW_PARTS = "too_few_parts"
    TOO_MANY_PARTS = "too_many_parts"
    PART_NOT_FREE = "part_not_free"
    PART_OF_ANOTHER_WHOLE = "part_of_another_whole"
    PARTS_DIFFER = "parts_differ"
    FORMAT_NOT_ENGLISH = "format_not_english"
    FIXED_BY_WHOLE = "fixed_by_whole"
    WITHDRAW_WHOLE_FIRST = "withdraw_whole_first"


@dataclass(frozen=True, slots=True)
class Part:
    """What the checks need to know of a lot that is to be a part.

    Attributes:
        case: the default case it is sold for, in any spelling; None for a voluntary sale.
        in_whole: whether it is part of a whole, or a whole itself.
    """

    reference: str
    status: LotStatus
    currency: str
    rule_pack: str
    case: str | None
    auction_format: str
    in_whole: bool


def check_parts(parts: Sequence[Part], *, currency: str, rule_pack: str, auction_format: str) -> None:
    """Refuse parts that could not be decided against one whole with these terms.

    All must be sold for one case, in one currency, under one rule pack: otherwise the two totals would be
    owed to different people or reached by different rules.

    Raises:
        Refused: naming the part in the way.
    """
    if len(parts) < FEWEST_PARTS:
        raise Refused(WholeReason.TOO_FEW_PARTS, field="part_ids", least=FEWEST_PARTS)
    if len(parts) > MOST_PARTS:
        raise Refused(WholeReason.TOO_MANY_PARTS, field="part_ids", most=MOST_PARTS)
    for part in parts:
        if part.status not in FREE:
            raise Refused(WholeReason.PART_NOT_FREE, field="part_ids", reference=part.reference)
        if part.in_whole:
            raise Refused(WholeReason.PART_OF_ANOTHER_WHOLE, field="part_ids", reference=part.reference)
        if (part.currency, part.rule_pack, part.case) != (currency, rule_pack, parts[0].case):
            raise Refused(WholeReason.PARTS_DIFFER, field="part_ids", reference=part.reference)
    if {auction_format, *(part.auction_format for part in parts)} != {FORMAT}:
        raise Refused(WholeReason.FORMAT_NOT_ENGLISH, field="auction_format")


def check_unchanged(old: LotTerms, new: LotTerms, *, same_rights: bool, same_case: bool) -> None:
    """Refuse to change, in a lot that is offered together or apart, what made the two ways comparable.

    Prices and dates may change; so may everything else once the whole is withdrawn.
    """
    fixed = ("currency", "rule_pack", "auction_format")
    changed = [name for name in fixed if getattr(old, name) != getattr(new, name)]
    changed += [name for name, same in (("right_ids", same_rights), ("case_id", same_case)) if not same]
    if changed:
        raise Refused(WholeReason.FIXED_BY_WHOLE, field=changed[0])
