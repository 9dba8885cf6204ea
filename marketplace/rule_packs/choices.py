"""What a rule pack may choose by a word: the order of a forfeiture, a table of commissions, a consent."""

from enum import StrEnum


class Forfeiture(StrEnum):
    """What a forfeited deposit pays, in which order.

    `court`: the costs, the gap between the old and the new price, the debts (法释〔2016〕18号 art. 24).
    `commercial`: the costs, both sides' commissions of the failed sale, the gap (拍卖法 art. 39), the debts.
    """

    COURT = "court"
    COMMERCIAL = "commercial"


class CommissionTable(StrEnum):
    """The name of a marginal table of commissions (`marketplace.commission.TABLES`)."""

    COURT_2020 = "court-2020"


class ConsentTier(StrEnum):
    """How much of a record its parties let others see; chosen when the lot is listed.

    PUBLIC: everything, as of court and official sales. PRICE_ONLY: price, date, type and class, and no party.
    POOL: aggregates and generalised comparables alone. SEALED: nobody but the parties' own institutions.
    """

    PUBLIC = "public"
    PRICE_ONLY = "price_only"
    POOL = "pool"
    SEALED = "sealed"
