"""The values of fields that hold one of few: what people call them, and how the index does."""

import re
from collections.abc import Mapping

from marketplace.listings.rules import AuctionFormat, LotStatus
from marketplace.rights.rules import PATENTS, RightType
from search.analysis import fold
from transactions.market.rules.regions import UNITS

Choices = Mapping[str, tuple[str, ...]]

_FOREIGN_REGION = re.compile(r"(?!CN)[A-Z]{2}-[A-Z0-9]{1,3}")


def plain_name(text: str) -> str:
    """A name without case, width, blanks and marks: "On offer" and "on_offer" become "onoffer"."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


def _choices(names: Mapping[str, str]) -> Choices:
    """By plain name the value, from values with their names in a row."""
    pairs = ((name, value) for value, row in names.items() for name in (value, *row.split("|")))
    return {plain_name(name): (str(value),) for name, value in pairs}


STATUSES = _choices(
    {
        LotStatus.PUBLISHED: "on offer|在售|挂牌|挂牌中",
        LotStatus.RESERVED: "in progress|处置进行中|进行中|成交办理中|办理中",
        LotStatus.SOLD: "sold|已成交|成交|已售",
        LotStatus.UNSOLD: "not sold|未成交|流拍",
    }
)

RIGHT_TYPES: Choices = {
    **_choices(
        {
            RightType.INVENTION: "invention patent|发明|发明专利",
            RightType.UTILITY_MODEL: "utility|实用新型|实用新型专利",
            RightType.DESIGN: "design patent|外观|外观设计|外观设计专利",
            RightType.TRADEMARK: "mark|商标",
            RightType.COPYRIGHT: "copyrights|著作权|版权|软件著作权|软著",
        }
    ),
    **dict.fromkeys(("patent", "专利"), tuple(sorted(map(str, PATENTS)))),
}

CHANNELS: Choices = {
    **_choices(
        {
            AuctionFormat.ENGLISH: "ascending|公开增价拍卖|增价拍卖|英式拍卖",
            AuctionFormat.ENGLISH_ROUNDS: "rounds|分轮增价拍卖|分轮拍卖",
            AuctionFormat.DUTCH: "falling price|降价竞价|降价拍卖|荷兰式拍卖",
            AuctionFormat.HYBRID_DUTCH: "hybrid|先降价、后密封报价",
            AuctionFormat.SEALED: "sealed bids|密封出价|密封报价",
            AuctionFormat.SALE_OFF: "sell off|按起拍价变卖|变卖",
        }
    ),
    **dict.fromkeys(
        ("auction", "拍卖"), tuple(str(one) for one in AuctionFormat if one is not AuctionFormat.SALE_OFF)
    ),
}

REGIONS: Choices = {
    plain_name(name): (unit.code,)
    for unit in UNITS
    for name in (*unit.codes, unit.chinese, f"{unit.chinese}省", f"{unit.chinese}市", unit.english)
}


def values(choices: Choices, text: str) -> tuple[str, ...]:
    """The values of the index that a name stands for, none where it is unknown.

    Regions of other countries than China are taken by their form, because no list of them is kept.
    """
    code = fold(text).upper()
    if choices is REGIONS and _FOREIGN_REGION.fullmatch(code):
        return (code,)
    return choices.get(plain_name(text), ())
