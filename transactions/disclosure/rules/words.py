"""The words of disclosure: what blocks are for, why somebody reads exactly, how a request was decided."""

from enum import StrEnum


class Family(StrEnum):
    """Blocks of all offers, for counts; of sales alone, for prices."""

    OFFERS = "offers"
    PRICES = "prices"


class Purpose(StrEnum):
    """Why unrounded confidential prices are read."""

    LIST = "list"
    RECORD = "record"
    DOWNLOAD = "download"
    FEED = "feed"
    COMPARABLES = "comparables"
    VALUATION = "valuation"
    MODEL = "model"
    BACKTEST = "backtest"
    STATISTICS = "statistics"
    SUPERVISION = "supervision"


class Decision(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
