"""Names of packs and sources of their numbers in the reader's language; a pack itself keeps one text."""

import re
from typing import Any

from flask_babel import gettext, lazy_gettext

_ARTICLE = re.compile(r" art\. ([0-9]+)")

TITLES: dict[str, Any] = {
    "cn-court": lazy_gettext("Online judicial auction"),
    "cn-bank": lazy_gettext("Disposal by the bank"),
    "cn-state": lazy_gettext("State-owned seller"),
    "open": lazy_gettext("Voluntary sale"),
}

# What stands in the packs beside plain articles.
PHRASES: dict[str, Any] = {
    "platform default": lazy_gettext("platform default"),
    "by contract; platform default": lazy_gettext("by contract; platform default"),
    "by contract; the court's number is used": lazy_gettext("by contract; the court's number is used"),
    "by contract; the court's range is used": lazy_gettext("by contract; the court's range is used"),
    "印花税法, schedule of rates": lazy_gettext("印花税法, schedule of rates"),
    "exchange rules": lazy_gettext("exchange rules"),
    "no link to the seller": lazy_gettext("no link to the seller"),
    "state-asset transfer rules": lazy_gettext("state-asset transfer rules"),
    "state-asset transfer rules (转让底价)": lazy_gettext("state-asset transfer rules (转让底价)"),
    "state-asset transfer rules, 10 or 20 working days": lazy_gettext(
        "state-asset transfer rules, 10 or 20 working days"
    ),
    "below 90 % of the appraisal needs approval": lazy_gettext(
        "below 90 percent of the appraisal needs approval"
    ),
    "result notice of at least 5 working days": lazy_gettext("result notice of at least 5 working days"),
    "the notice sets it (art. 25); practice 7 to 30 days": lazy_gettext(
        "the notice sets it (art. 25); practice 7 to 30 days"
    ),
    "art. 24 is silent; 拍卖、变卖规定 art. 22 allows it": lazy_gettext(
        "art. 24 is silent; 拍卖、变卖规定 art. 22 allows it"
    ),
    "法明传〔2017〕455号, secondary": lazy_gettext("法明传〔2017〕455号, secondary"),
}


def pack_title(name: str) -> str:
    """What the procedure is called; the name itself of a pack that is no longer there."""
    return str(TITLES.get(name, name))


def source_text(source: str) -> str:
    """The source as the reader says it: 拍卖法 art. 28 in English, 拍卖法第28条 in Chinese."""
    if source in PHRASES:
        return str(PHRASES[source])
    return _ARTICLE.sub(lambda found: str(gettext(" art. %(number)s", number=found[1])), source)
