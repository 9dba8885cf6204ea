"""Three lots as documents, each with something in every field of the query language."""

from collections.abc import Mapping
from datetime import date, datetime

from marketplace.clock import LOCAL_ZONE
from search.analysis import characters, grams, part_grams, words
from search.engines import Document
from search.keys import nice_key, number_keys
from search.prices import price_key

TODAY = date(2026, 11, 22)


def _seconds(year: int, month: int, day: int, hour: int = 12) -> int:
    return int(datetime(year, month, day, hour, tzinfo=LOCAL_ZONE).timestamp())


def a_document(
    name: str,
    parts: Mapping[str, str],
    *,
    keys: Mapping[str, frozenset[str]] | None = None,
    facets: Mapping[str, str] | None = None,
    numbers: Mapping[str, int] | None = None,
) -> Document:
    """A document of texts by part (title, abstract, claims, applicant) with what else is given."""
    whole = "\n".join(parts.values())
    return Document(
        id=name,
        version="",
        texts={
            "grams": grams(whole),
            "words": words(whole),
            "characters": characters(whole),
            "title": words(parts.get("title", "")),
            **{f"{part}_grams": part_grams(text) for part, text in parts.items()},
        },
        keys=keys or {},
        facets={facet: frozenset({value}) for facet, value in (facets or {}).items()},
        numbers=numbers or {},
    )


DOCUMENTS = [
    a_document(
        "battery",
        {
            "title": "Lithium-ion batteries with a coated electrode",
            "abstract": "A separator stands between the cathode and the anode of the battery.",
            "claims": "1. A battery, comprising a separator.",
            "applicant": "华为(深圳)技术有限公司",
        },
        keys={
            "classes": frozenset({"H", "H01", "H01M", "H01M4", "H01M4/04", "H01M4/0438"}),
            "symbols": frozenset({"H01M4/0438"}),
            "numbers": number_keys("CN201110093145.7") | number_keys("CN102123456A"),
        },
        facets={"status": "published", "right_type": "invention", "channel": "english", "region": "CN-44"},
        numbers={
            "price": price_key(100_000_00, "CNY"),
            "opens": _seconds(2026, 12, 1),
            "closes": _seconds(2026, 12, 3),
            "published": _seconds(2026, 11, 1),
            "filed": date(2011, 4, 14).toordinal(),
            "expires": date(2031, 4, 14).toordinal(),
        },
    ),
    a_document(
        "heater",
        {
            "title": "一种热水器的冷水回收装置",
            "abstract": "热水器与管道之间设有阀门，冷水回收到水箱。",
            "applicant": "Haier Smart Home",
        },
        keys={
            "classes": frozenset({"F", "F24", "F24H", "F24H9", "H01M4", "H01M4/04", "H01M4/0439"}),
            "symbols": frozenset({"F24H9", "H01M4/0439"}),
        },
        facets={"status": "sold", "right_type": "utility_model", "channel": "sale_off", "region": "CN-37"},
        numbers={
            "price": price_key(2000, "JPY"),
            "published": _seconds(2025, 12, 31, 23),
            "filed": date(2020, 6, 1).toordinal(),
            "expires": date(2030, 6, 1).toordinal(),
        },
    ),
    a_document(
        "mark",
        {"title": "CELLO 电池模型", "applicant": "Cello GmbH"},
        keys={
            "classes": frozenset({nice_key("9"), nice_key("35")}),
            "symbols": frozenset({nice_key("9"), nice_key("35")}),
            "numbers": number_keys("12345"),
        },
        facets={"status": "unsold", "right_type": "trademark", "channel": "sealed", "region": "US-CA"},
        numbers={"price": price_key(5_000_00, "USD")},
    ),
]
