"""The columns of a portfolio file, in English and Chinese. `docs/portfolio-format.md` says what they mean."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import Refused


class FileReason(StrEnum):
    """Why a file cannot be read at all."""

    FILE_TOO_LARGE = "file_too_large"
    FILE_FORMAT_UNKNOWN = "file_format_unknown"
    FILE_DAMAGED = "file_damaged"
    ENCODING_UNKNOWN = "encoding_unknown"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NO_ROWS = "no_rows"
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_REPEATED = "column_repeated"
    COLUMN_MISSING = "column_missing"


# Names a bank writes over each column; spaces, underscores and case do not matter. The first is the column's.
_RIGHT: tuple[tuple[str, ...], ...] = (
    ("lot_reference", "lot", "标的编号", "资产包编号"),
    ("right_type", "type", "权利类型", "专利类型", "类型"),
    ("number", "application_number", "申请号", "专利号", "注册号", "登记号", "申请号/注册号"),
    ("publication_number", "公开号", "公告号", "公开公告号", "公开(公告)号", "授权公告号"),
    ("title", "名称", "发明名称", "专利名称", "权利名称"),
    ("abstract", "摘要"),
    ("claims_text", "权利要求书"),
    ("applicant", "owner", "权利人", "申请人", "专利权人"),
    ("classes", "class", "分类号", "ipc", "ipc分类号", "尼斯分类"),
    ("filed_on", "filing_date", "申请日", "申请日期"),
    ("granted_on", "grant_date", "授权日", "授权公告日", "注册日", "登记日"),
    ("expires_on", "expiry_date", "到期日", "届满日", "有效期至"),
    ("registrations", "件数", "注册件数"),
    ("family", "patent_family", "同族", "专利族", "同族编号"),
    ("family_size", "同族数", "同族专利数", "简单同族数"),
    ("claims", "claim_count", "权利要求数", "权利要求项数"),
    ("forward_citations", "cited_by", "被引次数", "被引证次数", "被引用次数"),
    ("evidence_of_use", "in_use", "实施情况", "是否实施"),
    ("legal_events", "法律事件", "法律状态事件"),
)
_CASE: tuple[tuple[str, ...], ...] = (
    ("loan_reference", "case_reference", "贷款合同号", "借款合同号", "案件编号"),
    ("debtor", "borrower", "债务人", "借款人"),
    ("pledgor", "出质人"),
    ("principal", "本金"),
    ("interest", "利息"),
    ("penalty", "罚息", "违约金"),
    ("damages", "损害赔偿金"),
    ("costs", "费用", "实现债权费用"),
)
_LOT: tuple[tuple[str, ...], ...] = (
    ("lot_title", "标的名称", "资产包名称"),
    ("lot_description", "标的说明", "标的介绍"),
    ("currency", "币种"),
    ("reference_price", "参考价", "评估价"),
    ("price_basis", "参考价依据", "定价依据"),
    ("start_price", "起拍价"),
    ("reserve_price", "reserve", "保留价"),
    ("reserve_public", "保留价公开", "是否公开保留价"),
    ("deposit", "保证金"),
    ("increment", "加价幅度", "增价幅度"),
    ("auction_format", "format", "竞价方式", "拍卖方式"),
    ("rule_pack", "rules", "规则包", "规则"),
    ("tax_bearer", "税费承担", "税费承担方"),
    ("price_tax", "增值税", "价款增值税"),
    ("consent_tier", "成交公开范围", "公开范围"),
    ("opens_at", "开始时间", "开拍时间"),
    ("closes_at", "结束时间"),
)

# These may stand several times, numbered: pledgee, pledgee_2, 质权人3 …
_NUMBERED: tuple[tuple[str, ...], ...] = (
    ("encumbrance_kind", "负担类型", "权利负担类型"),
    ("pledge_number", "pledge_register_number", "质押登记号", "质押登记编号"),
    ("pledgee", "holder", "质权人"),
    ("pledge_claim", "claim", "担保债权", "被担保债权数额", "担保金额"),
    ("pledge_rank", "rank", "顺位", "清偿顺位"),
    ("pledged_on", "质押登记日", "质押登记日期"),
)

REQUIRED = ("lot_reference", "right_type", "number", "title")
LOT_COLUMNS = tuple(names[0] for names in _LOT)
CASE_COLUMNS = tuple(names[0] for names in _CASE)
ENCUMBRANCE_COLUMNS = tuple(names[0] for names in _NUMBERED)
MOST_ENCUMBRANCES = 9

_PLAIN = {alias: names[0] for names in (*_RIGHT, *_CASE, *_LOT) for alias in names}
_WITH_NUMBER = {alias: names[0] for names in _NUMBERED for alias in names}


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands.

    Attributes:
        positions: index in the row by column name; numbered columns carry their number, as `pledgee_2`.
        written: the name as the file writes it, by column name, for messages.
    """

    positions: dict[str, int]
    written: dict[str, str]

    @property
    def encumbrance_numbers(self) -> list[int]:
        """The numbers of the pledges the file has columns for."""
        suffixes = (name.rpartition("_") for name in self.positions)
        found = {int(tail) for head, _, tail in suffixes if head in ENCUMBRANCE_COLUMNS and tail.isdigit()}
        return sorted(found)


def column_name(written: str) -> str | None:
    """The column that a heading means, numbered where it may be; None for an unknown one."""
    plain = unicodedata.normalize("NFKC", written).casefold().strip().rstrip("*")
    plain = re.sub(r"[\s_-]+", "_", plain).strip("_")
    for spelling in (plain, plain.replace("_", "")):
        if spelling in _PLAIN:
            return _PLAIN[spelling]
        match = re.fullmatch(rf"(.+?)_?([1-{MOST_ENCUMBRANCES}])?", spelling)
        if match and match[1] in _WITH_NUMBER:
            return f"{_WITH_NUMBER[match[1]]}_{match[2] or 1}"
    return None


def read_header(cells: Sequence[str]) -> Header:
    """Find the columns by their headings; an empty heading is a column that must stay empty.

    Raises:
        Refused: a heading is unknown or repeated, or a required column is missing; the field names it.
            An unknown heading stops the file: a mistyped `reserve_price` must not sell a lot without one.
    """
    positions: dict[str, int] = {}
    written: dict[str, str] = {}
    for index, text in enumerate(cells):
        if not text.strip():
            continue
        name = column_name(text)
        if name is None:
            raise Refused(FileReason.COLUMN_UNKNOWN, field=text.strip()[:60], column=text.strip()[:60])
        if name in positions:
            raise Refused(FileReason.COLUMN_REPEATED, field=text.strip(), column=text.strip())
        positions[name], written[name] = index, text.strip()
    for name in REQUIRED:
        if name not in positions:
            raise Refused(FileReason.COLUMN_MISSING, field=name, column=name)
    return Header(positions, written)
