"""The words of the market pages."""

from collections.abc import Mapping
from enum import StrEnum
from math import inf
from typing import Any

from babel import Locale
from flask_babel import get_locale, gettext, lazy_gettext

from marketplace.rights import fields
from transactions.market.rules.regions import COUNTRY, unit_of
from transactions.texts import ASSET_TYPES, CHANNELS

REFUSALS: dict[StrEnum, Any] = {}

FORCED = {"yes": lazy_gettext("Forced sale"), "no": lazy_gettext("Voluntary sale")}

SIZE_BANDS = {
    "1": lazy_gettext("1 right"),
    "2-5": lazy_gettext("2 to 5 rights"),
    "6-20": lazy_gettext("6 to 20 rights"),
    "21-100": lazy_gettext("21 to 100 rights"),
    "101-": lazy_gettext("More than 100 rights"),
}

PRICE_BANDS = {
    "0-1e4": lazy_gettext("below 10,000"),
    "1e4-1e5": lazy_gettext("10,000 to 100,000"),
    "1e5-1e6": lazy_gettext("100,000 to 1 million"),
    "1e6-1e7": lazy_gettext("1 to 10 million"),
    "1e7-": lazy_gettext("10 million and more"),
}

# The facets in the order of the page, by the name of their field.
FACETS = {
    "family": lazy_gettext("Type of right"),
    "asset_type": lazy_gettext("Kind of right"),
    "outcome": lazy_gettext("Outcome"),
    "year": lazy_gettext("Year"),
    "technology_field": lazy_gettext("Technology field"),
    "channel": lazy_gettext("Channel"),
    "forced": lazy_gettext("Forced or voluntary"),
    "grade": lazy_gettext("Proof grade"),
    "size": lazy_gettext("Number of rights"),
    "currency": lazy_gettext("Currency"),
    "band": lazy_gettext("Price band"),
    "right_sold": lazy_gettext("What was sold"),
}

# What the released tables are broken down by.
DIMENSIONS = {
    "family": lazy_gettext("Type of right"),
    "type": lazy_gettext("Kind of right"),
    "sector": lazy_gettext("Sector"),
    "field": lazy_gettext("Technology field"),
    "year": lazy_gettext("Year"),
    "quarter": lazy_gettext("Quarter"),
    "channel": lazy_gettext("Channel"),
}

# The columns of the download of prior sales (`exporting.row_of`), in its order.
COLUMNS = {
    "id": lazy_gettext("Number of the record"),
    "date": lazy_gettext("Date of the sale"),
    "outcome": lazy_gettext("Outcome"),
    "asset_type": lazy_gettext("Kind of right"),
    "right_sold": lazy_gettext("What was sold"),
    "number_of_rights": lazy_gettext("Number of rights"),
    "number_of_families": lazy_gettext("Number of families"),
    "technology_field": lazy_gettext("WIPO technology field, 1 to 35, of most of the rights"),
    "country": lazy_gettext("Country of the right"),
    "region": lazy_gettext("Region of the seller, ISO 3166-2"),
    "remaining_life_months": lazy_gettext("Remaining life, months"),
    "age_months": lazy_gettext("Age, months"),
    "channel": lazy_gettext("Channel"),
    "rule_pack": lazy_gettext("Rule pack"),
    "rule_pack_version": lazy_gettext("Version of the rule pack"),
    "attempt": lazy_gettext("Attempt"),
    "seller_kind": lazy_gettext("Kind of seller"),
    "reference_price_basis": lazy_gettext("What the reference price is"),
    "bidders": lazy_gettext("Bidders"),
    "bids": lazy_gettext("Number of bids"),
    "currency": lazy_gettext("Currency of every amount, ISO 4217"),
    "date_precision": lazy_gettext("Date known"),
    "proof_grade": lazy_gettext("Proof grade"),
    "reference_price": lazy_gettext("Reference price"),
    "start_price": lazy_gettext("Start price"),
    "deposit": lazy_gettext("Deposit"),
    "top_bid": lazy_gettext("Best open bid"),
    "price": lazy_gettext("Price"),
    "buyer_premium": lazy_gettext("Buyer's premium"),
    "entry_fee": lazy_gettext("Entry fee"),
    "forced": lazy_gettext("Forced sale"),
    "arms_length": lazy_gettext("Seller and buyer are not related"),
    "related_party": lazy_gettext("Related parties"),
    "usable": lazy_gettext("May serve as a comparable"),
    "title": lazy_gettext("Title; empty where it is kept back"),
    "price_basis": lazy_gettext("What the price is"),
    "exclusion_reason": lazy_gettext("Why it may not serve as a comparable"),
    "evidence": lazy_gettext("Evidence"),
    "evidence_url": lazy_gettext("Source of this record"),
    "correction_reason": lazy_gettext("Why it was corrected"),
    "classes": lazy_gettext("Main classes"),
    "technology_fields": lazy_gettext("All technology fields"),
    "filed_on": lazy_gettext("Earliest filing"),
    "corrects": lazy_gettext("The record that this one replaces"),
    "previous": lazy_gettext("The record of the earlier attempt"),
    "source_marketplace": lazy_gettext("Recorded by"),
    "source_kind": lazy_gettext("Kind of source"),
    "source_id": lazy_gettext("Number at the source"),
    "recorded_at": lazy_gettext("Recorded"),
    "leaf_index": lazy_gettext("Place in the log"),
    "leaf_hash": lazy_gettext("Hash of its leaf in the log"),
    "salt": lazy_gettext("Salt of its leaf; empty where something is kept back"),
    "consent_tier": lazy_gettext("How open it is"),
    "claims": lazy_gettext("Claims"),
    "forward_citations": lazy_gettext("Cited by"),
    "family_size": lazy_gettext("Members of the family"),
    "evidence_of_use": lazy_gettext("Known to be used"),
    "legal_events": lazy_gettext("Legal events"),
    "payment_terms": lazy_gettext("How it is paid"),
    "tax_bearer": lazy_gettext("Taxes borne by"),
    "licence_kind": lazy_gettext("Kind of licence"),
    "royalty_basis_points": lazy_gettext("Running royalty, hundredths of a per cent"),
    "licence_months": lazy_gettext("Months of the licence"),
    "territory": lazy_gettext("Territory"),
    "royalty_base": lazy_gettext("What the royalty is taken of"),
    "base_currency": lazy_gettext("Currency of the rate of the day"),
    "rate_to_base": lazy_gettext("Rate of the day"),
    "release_on": lazy_gettext("First day on which it may be seen"),
    "record_version": lazy_gettext("Version of the fields"),
}

# The figures of a backtest: what each is called, its unit, and what it says to somebody who lends money.
MEASURES = {
    "mdape": (
        lazy_gettext("Middle error (MdAPE)"),
        "percent",
        lazy_gettext("Half of the estimates were nearer to the price than this, half further away."),
    ),
    "ppe20": (
        lazy_gettext("Within 20 percent of the price"),
        "percent",
        lazy_gettext("The share of estimates that a loan could have relied on to a fifth."),
    ),
    "within_50": (
        lazy_gettext("Within 50 percent of the price"),
        "percent",
        lazy_gettext(
            "The share that was neither less than half nor more than one and a half times the price."
        ),
    ),
    "median_ratio": (
        lazy_gettext("Median ratio of estimate to price"),
        "number",
        lazy_gettext("1 is right on the whole; above 1 estimates are too high."),
    ),
    "slope": (
        lazy_gettext("Slope of the error on the estimate"),
        "number",
        lazy_gettext(
            "0 means that dear and cheap rights are estimated alike; this is the test of price bias."
        ),
    ),
    "cod": (
        lazy_gettext("Coefficient of dispersion (COD)"),
        "number",
        lazy_gettext(
            "The middle distance from the median ratio, in per cent. Bands for houses do not fit rights."
        ),
    ),
    "prd": (
        lazy_gettext("Price-related differential (PRD)"),
        "number",
        lazy_gettext("Above 1 the dear ones seem estimated too low; noise alone does that too."),
    ),
    "prb": (
        lazy_gettext("Price-related bias (PRB)"),
        "number",
        lazy_gettext("How the ratio changes when the value doubles; noise alone makes it negative."),
    ),
    "coverage_80": (
        lazy_gettext("Prices within the 80 percent range"),
        "percent",
        lazy_gettext("Of ten prices eight should fall into it: fewer means that ranges are too narrow."),
    ),
    "width_80": (
        lazy_gettext("Width of the 80 percent range, high to low"),
        "number",
        lazy_gettext(
            "How many times its lower end the upper end is. Where little is known, honest ranges are wide."
        ),
    ),
    "coverage_50": (
        lazy_gettext("Prices within the 50 percent range"),
        "percent",
        lazy_gettext("Of ten prices five should fall into it."),
    ),
    "width_50": (
        lazy_gettext("Width of the 50 percent range, high to low"),
        "number",
        lazy_gettext("The same for the narrower range."),
    ),
}

OTHER_ESTIMATES = (
    lazy_gettext("Median of the class"),
    lazy_gettext("Asking price × 0.65"),
    lazy_gettext("Gradient boosting"),
)

SEGMENTS = {
    "asset_type": lazy_gettext("Kind of right"),
    "channel": lazy_gettext("Channel"),
    "size": lazy_gettext("Number of rights"),
    "year": lazy_gettext("Year"),
    "stage": lazy_gettext("Stage"),
    "seller_kind": lazy_gettext("Kind of seller"),
    "forced": lazy_gettext("Forced or voluntary"),
    "sector": lazy_gettext("Sector"),
    "context": lazy_gettext("How it was sold"),
}


def segment_name(by: str, name: str) -> str:
    """A segment in words; its own name where there are none."""
    words: Mapping[str, Mapping[str, Any]] = {
        "asset_type": {str(key): word for key, word in ASSET_TYPES.items()},
        "channel": {str(key): word for key, word in CHANNELS.items()},
        "size": SIZE_BANDS,
        "forced": FORCED,
    }
    return str(words.get(by, {}).get(name, name))


def bin_name(low: float, high: float) -> str:
    """A bin of ratios: "< 0.25", "0.83–1.2", "> 4"."""
    if not low:
        return f"< {high:g}"
    return f"> {low:g}" if high == inf else f"{low:g}–{high:g}"


def language() -> str:
    """The reader's language, as its code."""
    return str(get_locale() or "zh")


def field_names() -> dict[int, str]:
    """The technology fields by number, in the reader's language."""
    return {one.number: fields.field_name(one.number, language()) for one in fields.all_fields()}


def sector_names() -> dict[int, str]:
    """The sectors of technology by number (0 to 4), in the reader's language."""
    names = dict.fromkeys(fields.sector_name(one.number, language()) for one in fields.all_fields())
    return dict(enumerate(names))


def region_name(code: str) -> str:
    """The name of a unit of China or of a country; the code itself where none is known."""
    unit = unit_of(code)
    if unit:
        return unit.chinese if language().startswith("zh") else unit.english
    if code == COUNTRY:
        return str(gettext("China, province not told"))
    if not code:
        return str(gettext("not told"))
    return str(Locale.parse(language()).territories.get(code[:2], code))
