"""A row of a portfolio file as values: one right of a lot, with its encumbrances, its lot and its case."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.errors import Refused
from marketplace.listings.portfolio.cells import Cells
from marketplace.listings.portfolio.columns import Header
from marketplace.listings.portfolio.particulars import read_particulars
from marketplace.listings.portfolio.reading import CellReason
from marketplace.listings.rules import AuctionFormat, PriceBasis
from marketplace.money import EXPONENTS
from marketplace.rights.fields import field_of
from marketplace.rights.numbers import parse_own, parse_publication
from marketplace.rights.particulars import Particulars
from marketplace.rights.rules import (
    PATENTS,
    EncumbranceKind,
    RightReason,
    RightType,
    check_dates,
    check_encumbrance,
    expiry,
)
from marketplace.rule_packs import NAMES as PACKS
from marketplace.rule_packs import ConsentTier
from marketplace.taxes import TaxBearer, Treatment

_RIGHT_TYPES = {member.value: member for member in RightType} | {
    "发明": RightType.INVENTION, "发明专利": RightType.INVENTION, "patent": RightType.INVENTION,
    "实用新型": RightType.UTILITY_MODEL, "实用新型专利": RightType.UTILITY_MODEL,
    "外观设计": RightType.DESIGN, "外观设计专利": RightType.DESIGN,
    "商标": RightType.TRADEMARK, "商标权": RightType.TRADEMARK,
    "著作权": RightType.COPYRIGHT, "软件著作权": RightType.COPYRIGHT, "计算机软件著作权": RightType.COPYRIGHT,
}  # fmt: skip
_KINDS = {member.value: member for member in EncumbranceKind} | {
    "质押": EncumbranceKind.PLEDGE, "许可": EncumbranceKind.LICENCE, "查封": EncumbranceKind.SEIZURE,
    "保全": EncumbranceKind.SEIZURE, "license": EncumbranceKind.LICENCE,
}  # fmt: skip
_BASES = {member.value: member for member in PriceBasis} | {
    "议价": PriceBasis.AGREED, "当事人议价": PriceBasis.AGREED, "定向询价": PriceBasis.INQUIRY,
    "询价": PriceBasis.INQUIRY, "网络询价": PriceBasis.ONLINE_INQUIRY, "评估": PriceBasis.APPRAISAL,
    "委托评估": PriceBasis.APPRAISAL, "内部评估": PriceBasis.INTERNAL, "可比交易": PriceBasis.COMPARABLES,
}  # fmt: skip
_FORMATS = {member.value: member for member in AuctionFormat} | {
    "增价拍卖": AuctionFormat.ENGLISH, "降价拍卖": AuctionFormat.DUTCH, "密封报价": AuctionFormat.SEALED,
    "变卖": AuctionFormat.SALE_OFF,
}  # fmt: skip
_BEARERS = {member.value: member for member in TaxBearer} | {
    "各自承担": TaxBearer.EACH_OWN, "卖方承担": TaxBearer.SELLER, "买方承担": TaxBearer.BUYER,
}  # fmt: skip
_TREATMENTS = {member.value: member for member in Treatment} | {
    "未确定": Treatment.NOT_DETERMINED, "一般计税": Treatment.GENERAL, "小规模": Treatment.SMALL_SCALE,
    "免税": Treatment.EXEMPT,
}  # fmt: skip
_TIERS = {member.value: member for member in ConsentTier} | {
    "全部公开": ConsentTier.PUBLIC, "仅公开价格": ConsentTier.PRICE_ONLY, "仅汇总": ConsentTier.POOL,
    "不公开": ConsentTier.SEALED,
}  # fmt: skip
_PACKS = {name: name for name in PACKS} | {name.replace("-", "_"): name for name in PACKS}
# As many as a cell of an XLSX file can hold.
MOST_CLAIMS_CHARACTERS = 32_767
CASE_AMOUNTS = ("principal", "interest", "penalty", "damages", "costs")
_CURRENCIES = {code.casefold(): code for code in EXPONENTS} | {"人民币": "CNY", "元": "CNY"}


@dataclass(frozen=True, slots=True)
class EncumbranceValues:
    kind: EncumbranceKind
    holder: str
    registration_number: str
    registered_on: date | None
    rank: int
    claim_minor: int | None


@dataclass(frozen=True, slots=True)
class RightValues:
    """A right as filed; numbers in their one spelling, expiry computed where the file leaves it blank."""

    right_type: RightType
    number: str
    publication_number: str
    title: str
    abstract: str
    claims_text: str
    applicant: str
    classes: tuple[str, ...]
    technology_field: int | None
    filed_on: date | None
    granted_on: date | None
    expires_on: date | None
    registrations: int
    particulars: Particulars
    encumbrances: tuple[EncumbranceValues, ...]


def read_right(cells: Cells, header: Header, currency: str, today: date) -> RightValues | None:
    """The right of a row; None where its type or number cannot be read."""
    right_type = cells.choice("right_type", _RIGHT_TYPES)
    if right_type is None:
        cells.refuse("right_type", CellReason.EMPTY)
        cells.text("number", 60, required=True)
        return None
    number = _number(cells, right_type)
    publication = _publication(cells, right_type)
    filed_on, granted_on, expires_on = (cells.day(name) for name in ("filed_on", "granted_on", "expires_on"))
    expires_on = expires_on or expiry(right_type, filed_on, granted_on)
    try:
        check_dates(filed_on, granted_on, expires_on, today=today)
    except Refused as refused:
        cells.note(refused.field or "filed_on", refused)
    classes = tuple(part for part in re.split(r"[;；|、\n]+|,\s*", cells.text("classes", 500)) if part)
    fields = (field_of(symbol) for symbol in classes if right_type in PATENTS)
    return RightValues(
        right_type=right_type,
        number=number,
        publication_number=publication,
        title=cells.text("title", 500, required=True),
        abstract=cells.text("abstract", 10_000),
        claims_text=cells.text("claims_text", MOST_CLAIMS_CHARACTERS),
        applicant=cells.text("applicant", 300),
        classes=tuple(part.strip() for part in classes),
        technology_field=next((number for number in fields if number), None),
        filed_on=filed_on,
        granted_on=granted_on,
        expires_on=expires_on,
        registrations=_registrations(cells),
        particulars=read_particulars(cells),
        encumbrances=_encumbrances(cells, header, currency),
    )


def _registrations(cells: Cells) -> int:
    """How many registrations a row stands for; a cluster that its source lists as one has several."""
    count = cells.whole("registrations")
    if count == 0:
        cells.refuse("registrations", RightReason.COUNT_OUT_OF_RANGE, least=1, most=999_999)
    return 1 if count is None else count


def _number(cells: Cells, right_type: RightType) -> str:
    text = cells.text("number", 60, required=True)
    try:
        return parse_own(text, right_type).text if text else ""
    except Refused as refused:
        cells.note("number", refused)
        return ""


def _publication(cells: Cells, right_type: RightType) -> str:
    text = cells.text("publication_number", 60)
    if not text or right_type not in PATENTS:
        return text
    try:
        number = parse_publication(text, right_type)
    except Refused as refused:
        cells.note("publication_number", refused)
        return ""
    return number.text if number.text.startswith("CN") else f"{number.text}{number.kind_code}"


def _encumbrances(cells: Cells, header: Header, currency: str) -> tuple[EncumbranceValues, ...]:
    found = (_encumbrance(cells, number, currency) for number in header.encumbrance_numbers)
    return tuple(values for values in found if values is not None)


def _encumbrance(cells: Cells, number: int, currency: str) -> EncumbranceValues | None:
    kind = cells.choice(f"encumbrance_kind_{number}", _KINDS)
    holder = cells.text(f"pledgee_{number}", 200)
    register_number = cells.text(f"pledge_number_{number}", 60)
    claim = cells.amount(f"pledge_claim_{number}", currency)
    rank = cells.whole(f"pledge_rank_{number}")
    registered_on = cells.day(f"pledged_on_{number}")
    if (kind, holder, register_number, claim, rank, registered_on) == (None, "", "", None, None, None):
        return None
    kind = kind or EncumbranceKind.PLEDGE
    rank = number if rank is None else rank
    try:
        check_encumbrance(kind, holder, rank, claim)
    except Refused as refused:
        column = {"rank": "pledge_rank", "holder": "pledgee"}[refused.field or ""]
        cells.note(f"{column}_{number}", refused)
    return EncumbranceValues(kind, holder, register_number, registered_on, rank, claim)


def read_currency(cells: Cells) -> str | None:
    """The currency a row names for all amounts of its lot; None where it names none."""
    return cells.choice("currency", _CURRENCIES)


def read_case(cells: Cells, currency: str) -> dict[str, Any]:
    """What a row says about its case, by column; amounts and names without a loan are refused."""
    values: dict[str, Any] = {name: cells.text(name) for name in ("debtor", "pledgor")}
    values |= {name: cells.amount(name, currency) for name in CASE_AMOUNTS}
    values = {"loan_reference": cells.text("loan_reference", 60)} | values
    given = {name: value for name, value in values.items() if value not in {"", None}}
    if given and "loan_reference" not in given:
        cells.refuse("loan_reference", CellReason.EMPTY)
    return given


def read_terms(cells: Cells, currency: str) -> dict[str, Any]:
    """What a row says about its lot, by column; what it leaves blank another row of the lot may say."""
    values: dict[str, Any] = {
        "lot_title": cells.text("lot_title", 300),
        "lot_description": cells.text("lot_description", 10_000),
        "reference_price": cells.amount("reference_price", currency),
        "price_basis": cells.choice("price_basis", _BASES),
        "start_price": cells.amount("start_price", currency),
        "reserve_price": cells.amount("reserve_price", currency),
        "reserve_public": cells.flag("reserve_public"),
        "deposit": cells.amount("deposit", currency),
        "increment": cells.amount("increment", currency),
        "rule_pack": cells.choice("rule_pack", _PACKS),
        "auction_format": cells.choice("auction_format", _FORMATS),
        "tax_bearer": cells.choice("tax_bearer", _BEARERS),
        "price_tax": cells.choice("price_tax", _TREATMENTS),
        "consent_tier": cells.choice("consent_tier", _TIERS),
        "opens_at": cells.moment("opens_at"),
        "closes_at": cells.moment("closes_at"),
    }
    return {name: value for name, value in values.items() if value not in {"", None}}
