"""Examples of the query language, each a query that can be asked."""

from collections.abc import Mapping

FIELDS: Mapping[str, tuple[str, ...]] = {
    "ti": ("ti=batteries", "标题=热水器"),
    "ab": ('ab="solar cells"', "摘要=(电极 与 隔膜)"),
    "cl": ("cl=(电池 NEAR/5 电极)", "cl=winding*"),
    "pa": ("pa=huawei", '申请人="华为技术"'),
    "nr": ("nr=ZL201110093145.7", "nr=CN102123456A"),
    "ic": ("ic=H02K", "ic=H01M4/0438", "ic=H01M4/0438/low"),
    "cpc": ("cpc=Y02E60/10",),
    "nc": ("nc=9", "尼斯=(9 或 35)"),
    "st": ("st=published", "状态=在售"),
    "ty": ("ty=patent", "类型=实用新型"),
    "pr": ("pr>=100000", "pr=[10万 TO 50万]", "pr<=USD50000"),
    "ch": ("ch=sealed", "渠道=拍卖"),
    "dt": ("dt=2026-12", "dt=[2026-01-01 TO 2026-06-30]"),
    "fd": ("fd>=2015",),
    "pd": ("pd>=2026-01-01",),
    "rl": ("rl>=5", "剩余年限=[3 TO 10]"),
    "rg": ("rg=Shandong", "地区=广东"),
}
"""By the code of the field."""

OPERATORS = (
    "battery AND electrode",
    "battery OR 电池",
    "电池 -热水器",
    "ti=(battery OR 电池) AND ic=H01M",
    '"lithium ion battery"',
    "batter*",
    "battery NEAR/5 electrode",
    "冷却 ADJ/3 电机",
    "状态：在售",
    "pr>=10万 dt<2027",
    "fd=[2015 TO *]",
)
"""One for each line of `texts.OPERATOR_HINTS`."""

WHOLE = (
    "ti=(battery OR 电池) NOT st=sold",
    "ic=H02K AND rl>=5 AND pr<=50万",
    "ty=商标 AND nc=(9 OR 42) AND 状态=在售",
    'pa="华为技术" OR ab=(charging NEAR/5 circuit)',
)
"""Whole questions, shown with what they are understood as."""
