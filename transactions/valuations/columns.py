"""The columns of a file of things to be valued, in English and Chinese; meant as `docs/valuation.md` says."""

import re
import unicodedata
from collections.abc import Sequence

from marketplace.errors import Refused
from marketplace.listings.portfolio.reading import Cell
from transactions.valuations.rules.words import ValuationReason

# Names that are written over each column; spaces, underscores and case do not matter.
_NAMES: tuple[tuple[str, ...], ...] = (
    ("reference", "lot_reference", "编号", "标的编号", "资产编号"),
    ("title", "名称", "标的名称"),
    ("asset_type", "right_type", "type", "权利类型", "类型"),
    ("number_of_rights", "rights", "数量", "件数"),
    ("class", "classes", "ipc", "分类号"),
    ("technology_field", "field", "技术领域"),
    ("country", "office", "国家", "受理局"),
    ("filed_on", "filing_date", "申请日", "申请日期"),
    ("expires_on", "expiry_date", "到期日", "届满日"),
    ("remaining_life_months", "life_months", "剩余月数"),
    ("claims", "number_of_claims", "权利要求数"),
    ("forward_citations", "citations", "被引次数"),
    ("family_size", "同族数"),
    ("evidence_of_use", "使用证据"),
    ("channel", "交易方式"),
    ("basis", "价值类型"),
    ("attempt", "round", "拍卖轮次"),
    ("currency", "币种"),
    ("claim", "担保债权", "债权余额"),
    ("start_price", "起拍价"),
)
REQUIRED = ("reference", "asset_type")
NAMES = tuple(names[0] for names in _NAMES)
_KNOWN = {alias: names[0] for names in _NAMES for alias in names}


def read_columns(cells: Sequence[Cell]) -> dict[str, int]:
    """Where each column stands.

    Raises:
        Refused: a heading is unknown or repeated, or a needed column is missing; the field names it.
    """
    positions: dict[str, int] = {}
    for index, text in enumerate(str(cell).strip() for cell in cells):
        if not text:
            continue
        name = _KNOWN.get(_plain(text))
        if name is None:
            raise Refused(ValuationReason.COLUMN_UNKNOWN, field=text[:60], column=text[:60])
        if name in positions:
            raise Refused(ValuationReason.COLUMN_REPEATED, field=text[:60], column=text[:60])
        positions[name] = index
    for name in REQUIRED:
        if name not in positions:
            raise Refused(ValuationReason.COLUMN_MISSING, field=name, column=name)
    return positions


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().rstrip("*").strip()
    return re.sub(r"[\s_-]+", "_", plain).strip("_")
