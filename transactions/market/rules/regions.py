"""The province-level units of China: their codes, and their places on a grid of equal tiles.

Codes: ISO 3166-2:CN writes them in letters (CN-SD) since 2017; before that, and still in GB/T 2260, in digits
(CN-37). Records may carry either; the digits are what is kept here. The grid keeps neighbours beside each
other as far as squares can; it shows no borders and no areas.
"""

from collections.abc import Mapping
from dataclasses import dataclass

COUNTRY = "CN"


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, autonomous region, municipality or special administrative region.

    Attributes:
        digits: of GB/T 2260. letters: of ISO 3166-2.
        sign: the one-character name in Chinese; `chinese`, `english` its short names.
    """

    digits: str
    letters: str
    column: int
    row: int
    sign: str
    chinese: str
    english: str

    @property
    def code(self) -> str:
        """As records write it: CN-37."""
        return f"{COUNTRY}-{self.digits}"

    @property
    def codes(self) -> tuple[str, str]:
        """Both ways of writing it."""
        return self.code, f"{COUNTRY}-{self.letters}"


UNITS: tuple[Unit, ...] = (
    Unit("11", "BJ", 4, 2, "京", "北京", "Beijing"),
    Unit("12", "TJ", 5, 2, "津", "天津", "Tianjin"),
    Unit("13", "HE", 4, 3, "冀", "河北", "Hebei"),
    Unit("14", "SX", 3, 3, "晋", "山西", "Shanxi"),
    Unit("15", "NM", 4, 1, "蒙", "内蒙古", "Inner Mongolia"),
    Unit("21", "LN", 6, 2, "辽", "辽宁", "Liaoning"),
    Unit("22", "JL", 6, 1, "吉", "吉林", "Jilin"),
    Unit("23", "HL", 6, 0, "黑", "黑龙江", "Heilongjiang"),
    Unit("31", "SH", 6, 4, "沪", "上海", "Shanghai"),
    Unit("32", "JS", 5, 4, "苏", "江苏", "Jiangsu"),
    Unit("33", "ZJ", 5, 5, "浙", "浙江", "Zhejiang"),
    Unit("34", "AH", 4, 4, "皖", "安徽", "Anhui"),
    Unit("35", "FJ", 5, 6, "闽", "福建", "Fujian"),
    Unit("36", "JX", 4, 5, "赣", "江西", "Jiangxi"),
    Unit("37", "SD", 5, 3, "鲁", "山东", "Shandong"),
    Unit("41", "HA", 3, 4, "豫", "河南", "Henan"),
    Unit("42", "HB", 3, 5, "鄂", "湖北", "Hubei"),
    Unit("43", "HN", 3, 6, "湘", "湖南", "Hunan"),
    Unit("44", "GD", 4, 6, "粤", "广东", "Guangdong"),
    Unit("45", "GX", 3, 7, "桂", "广西", "Guangxi"),
    Unit("46", "HI", 3, 8, "琼", "海南", "Hainan"),
    Unit("50", "CQ", 2, 5, "渝", "重庆", "Chongqing"),
    Unit("51", "SC", 1, 5, "川", "四川", "Sichuan"),
    Unit("52", "GZ", 2, 6, "黔", "贵州", "Guizhou"),
    Unit("53", "YN", 1, 6, "滇", "云南", "Yunnan"),
    Unit("54", "XZ", 0, 5, "藏", "西藏", "Tibet"),
    Unit("61", "SN", 2, 4, "陕", "陕西", "Shaanxi"),
    Unit("62", "GS", 1, 3, "甘", "甘肃", "Gansu"),
    Unit("63", "QH", 1, 4, "青", "青海", "Qinghai"),
    Unit("64", "NX", 2, 3, "宁", "宁夏", "Ningxia"),
    Unit("65", "XJ", 0, 3, "新", "新疆", "Xinjiang"),
    Unit("71", "TW", 6, 6, "台", "台湾", "Taiwan"),
    Unit("81", "HK", 5, 7, "港", "香港", "Hong Kong"),
    Unit("82", "MO", 4, 7, "澳", "澳门", "Macao"),
)

_BY_CODE: Mapping[str, Unit] = {code: unit for unit in UNITS for code in unit.codes}


def unit_of(code: str) -> Unit | None:
    """The unit of a code in digits or letters; None for another country or a code that is not known."""
    return _BY_CODE.get(code)


def codes_of(code: str) -> tuple[str, ...]:
    """All ways in which records may write the region; a code that is not of China is written one way."""
    unit = unit_of(code)
    return unit.codes if unit else (code,)
