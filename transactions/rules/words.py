"""The words of the record of sales: outcomes, types, channels, grades of proof."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.rights.particulars import LegalEvent as LegalEvent  # noqa: PLC0414 - a word of the record too
from marketplace.rights.rules import RightType
from marketplace.rule_packs import ConsentTier as ConsentTier  # noqa: PLC0414 - a word of the record too


class SaleOutcome(StrEnum):
    """How an offer ended.

    REAUCTIONED: the hammer fell, the winner did not pay, so the lot had to be offered again.
    REVERSED: a sale that was recorded and then undone; its record replaces that of the sale.
    """

    SOLD = "sold"
    UNSOLD = "unsold"
    WITHDRAWN = "withdrawn"
    REAUCTIONED = "reauctioned"
    REVERSED = "reversed"


class LicenceKind(StrEnum):
    """Who else may use the right (技术合同司法解释 art. 25): nobody, the owner alone, or others too."""

    NONE = ""
    EXCLUSIVE = "exclusive"
    SOLE = "sole"
    NON_EXCLUSIVE = "non_exclusive"
    NOT_TOLD = "not_told"


class PaymentTerms(StrEnum):
    """How the price is paid. Of a licence: once, by running royalty, or an entry fee and then a royalty."""

    NOT_TOLD = ""
    LUMP_SUM = "lump_sum"
    INSTALMENTS = "instalments"
    SET_OFF = "set_off"
    RUNNING_ROYALTY = "running_royalty"
    ENTRY_FEE_AND_ROYALTY = "entry_fee_and_royalty"
    SHARES = "shares"


class TaxBearer(StrEnum):
    """Who bears the taxes of the sale, in the words of `marketplace.taxes`, or not told."""

    NOT_TOLD = ""
    EACH_OWN = "each_own"
    SELLER = "seller"
    BUYER = "buyer"


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
    OFFERS_WINDOW = "offers_window"
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
