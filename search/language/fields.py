"""The fields of the query language: codes, names in both languages, and what of the index each asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from search.analysis import fold
from search.language import choices


class Kind(StrEnum):
    """What a field holds, and so what may be asked of it."""

    TEXT = "text"
    NUMBER = "number"
    SYMBOL = "symbol"
    NICE = "nice"
    CHOICE = "choice"
    PRICE = "price"
    DATE = "date"
    LIFE = "life"


MEASURED = frozenset({Kind.PRICE, Kind.DATE, Kind.LIFE})
"""Kinds of field that know greater and less."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the query language.

    Attributes:
        code: its short code, by which it is kept. names: others, folded: English words, Chinese ones.
        asked: fields of the index; several are alternatives.
        choices: for a choice, by name as `choices.plain_name` has it, the values of the index.
    """

    code: str
    kind: Kind
    names: tuple[str, ...]
    asked: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_FIELDS = (
    Field("ti", Kind.TEXT, ("title", "标题", "名称", "发明名称"), ("title_grams",)),
    Field("ab", Kind.TEXT, ("abstract", "摘要"), ("abstract_grams",)),
    Field("cl", Kind.TEXT, ("claims", "claim", "权利要求", "权利要求书"), ("claims_grams",)),
    Field("pa", Kind.TEXT, ("applicant", "owner", "申请人", "权利人", "专利权人"), ("applicant_grams",)),
    Field("nr", Kind.NUMBER, ("number", "号码", "申请号", "公开号", "专利号", "注册号"), ("numbers",)),
    Field("ic", Kind.SYMBOL, ("ipc", "国际分类", "分类号"), ("classes", "symbols")),
    Field("cpc", Kind.SYMBOL, ("cpc分类", "联合分类"), ("classes", "symbols")),
    Field("nc", Kind.NICE, ("nice", "尼斯", "类别", "尼斯分类"), ("classes",)),
    Field("st", Kind.CHOICE, ("status", "状态"), ("status",), choices.STATUSES),
    Field("ty", Kind.CHOICE, ("type", "类型", "权利类型"), ("right_type",), choices.RIGHT_TYPES),
    Field("pr", Kind.PRICE, ("price", "价格", "起拍价"), ("price",)),
    Field("ch", Kind.CHOICE, ("channel", "渠道", "处置方式"), ("channel",), choices.CHANNELS),
    Field("dt", Kind.DATE, ("date", "日期", "拍卖日"), ("opens", "closes")),
    Field("fd", Kind.DATE, ("filed", "申请日"), ("filed",)),
    Field("pd", Kind.DATE, ("published", "上架日"), ("published",)),
    Field("rl", Kind.LIFE, ("life", "剩余年限"), ("expires",)),
    Field("rg", Kind.CHOICE, ("region", "地区"), ("region",), choices.REGIONS),
)

FIELDS: Mapping[str, Field] = {one.code: one for one in _FIELDS}
"""By code, in the order in which they are explained."""

_SURELY = 0.75
"""The least likeness of a misspelt name, from 0 to 1."""

_NAMES: Mapping[str, Field] = {name: one for one in _FIELDS for name in (one.code, *one.names)}


def find(name: str) -> Field | None:
    """The field of a code or name in any case and width; None where there is none."""
    return _NAMES.get(fold(name))


def nearest(name: str) -> str:
    """The name of a field most like this one."""
    return get_close_matches(fold(name), _NAMES, 1, 0.0)[0]


def is_nearly(name: str) -> bool:
    """Whether somebody who wrote this surely meant a field."""
    return bool(get_close_matches(fold(name), _NAMES, 1, _SURELY))
