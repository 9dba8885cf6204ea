"""The words of the record of sales: outcomes, types, channels, grades of proof."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.rights.rules import RightType


class SaleOutcome(StrEnum):
    SOLD = "sold"
    UNSOLD = "unsold"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"


class AssetType(StrEnum):
    """What was offered; `patent` where a report does not say of which kind."""

    INVENTION = "invention"
    UTILITY_MODEL = "utility_model"
    DESIGN = "design"
    PATENT = "patent"
    TRADEMARK = "trademark"
    COPYRIGHT = "copyright"
    OTHER = "other"


class AssetFamily(StrEnum):
    PATENT = "patent"
    TRADEMARK = "trademark"
    COPYRIGHT = "copyright"
    OTHER = "other"


FAMILIES: Mapping[AssetType, AssetFamily] = {
    AssetType.INVENTION: AssetFamily.PATENT,
    AssetType.UTILITY_MODEL: AssetFamily.PATENT,
    AssetType.DESIGN: AssetFamily.PATENT,
    AssetType.PATENT: AssetFamily.PATENT,
    AssetType.TRADEMARK: AssetFamily.TRADEMARK,
    AssetType.COPYRIGHT: AssetFamily.COPYRIGHT,
    AssetType.OTHER: AssetFamily.OTHER,
}


def types_of(family: AssetFamily) -> frozenset[AssetType]:
    """The types that belong to a family."""
    return frozenset(kind for kind, its_family in FAMILIES.items() if its_family is family)


def asset_type_of(right_types: list[RightType]) -> AssetType:
    """The type of a lot: that of most of its rights, of several equal ones the first in RightType's order."""
    if not right_types:
        return AssetType.OTHER
    order = list(RightType)
    most = max(right_types, key=lambda kind: (right_types.count(kind), -order.index(kind)))
    return AssetType(most.value)


class RightSold(StrEnum):
    OWNERSHIP = "ownership"
    LICENCE = "licence"


class Channel(StrEnum):
    """How the price was found: the formats of this marketplace, and the ways reports of others tell of."""

    AUCTION_ENGLISH = "auction_english"
    AUCTION_ENGLISH_ROUNDS = "auction_english_rounds"
    AUCTION_DUTCH = "auction_dutch"
    AUCTION_HYBRID_DUTCH = "auction_hybrid_dutch"
    AUCTION_SEALED = "auction_sealed"
    AUCTION_SALE_OFF = "auction_sale_off"
    BROKERED_OFFER = "brokered_offer"
    CREDITOR_TAKING = "creditor_taking"
    AGREED_CONVERSION = "agreed_conversion"
    JUDICIAL_ONLINE_AUCTION = "judicial_online_auction"
    BANKRUPTCY_AUCTION = "bankruptcy_auction"
    BANKRUPTCY_SALE = "bankruptcy_sale"
    LIVE_AUCTION = "live_auction"
    BROKERED = "brokered"
    PRIVATE_SALE = "private_sale"
    COMPANY_TAKEOVER = "company_takeover"


AUCTIONS = frozenset(
    {
        Channel.AUCTION_ENGLISH,
        Channel.AUCTION_ENGLISH_ROUNDS,
        Channel.AUCTION_DUTCH,
        Channel.AUCTION_HYBRID_DUTCH,
        Channel.AUCTION_SEALED,
        Channel.AUCTION_SALE_OFF,
        Channel.JUDICIAL_ONLINE_AUCTION,
        Channel.BANKRUPTCY_AUCTION,
        Channel.LIVE_AUCTION,
    }
)

# Supervised by a court: the seller had to sell, and the result can be looked up there.
COURT_SUPERVISED = frozenset(
    {Channel.JUDICIAL_ONLINE_AUCTION, Channel.BANKRUPTCY_AUCTION, Channel.BANKRUPTCY_SALE}
)


class DatePrecision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class ProofGrade(StrEnum):
    """How well a price is proved (reference: minimum fields of a comparable; source grades).

    A: confirmed by a court. B: certificate of the exchange that held the money. C: an official record or a
    filing that can be looked up. D: told by a party, a broker or the press.
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"
