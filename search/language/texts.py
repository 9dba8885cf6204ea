"""The words of the query language."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from search.language.reasons import LanguageReason

REFUSALS: dict[StrEnum, Any] = {
    LanguageReason.OPEN_PARENTHESIS: lazy_gettext(
        "The parenthesis opened at character %(position)s is never closed."
    ),
    LanguageReason.CLOSING_PARENTHESIS: lazy_gettext(
        "The parenthesis at character %(position)s closes nothing."
    ),
    LanguageReason.EMPTY_PARENTHESES: lazy_gettext(
        "There is nothing between the parentheses at character %(position)s."
    ),
    LanguageReason.OPEN_QUOTE: lazy_gettext("The quotation mark at character %(position)s has no partner."),
    LanguageReason.OPERATOR_ALONE: lazy_gettext(
        "“%(piece)s” at character %(position)s misses something beside it to join."
        " To look for it as a word, put it in quotation marks."
    ),
    LanguageReason.FIELD_ALONE: lazy_gettext(
        "Behind the field “%(piece)s” at character %(position)s something to look for is missing."
    ),
    LanguageReason.FIELD_IN_FIELD: lazy_gettext(
        "The field “%(piece)s” at character %(position)s stands inside another one; close that first."
    ),
    LanguageReason.UNKNOWN_FIELD: lazy_gettext(
        "There is no field “%(piece)s” (character %(position)s); the nearest is “%(nearest)s”."
        " To look for the words, put them in quotation marks."
    ),
    LanguageReason.UNKNOWN_VALUE: lazy_gettext(
        "“%(piece)s” at character %(position)s is no value of this field; it knows for example %(examples)s."
    ),
    LanguageReason.NOT_MEASURED: lazy_gettext(
        "“%(piece)s” at character %(position)s: only prices, dates and remaining life can be compared"
        " or have a range."
    ),
    LanguageReason.NEAR_WHAT: lazy_gettext(
        "“%(piece)s” at character %(position)s joins two words, two phrases or two groups of them with OR,"
        " without * and without a field between them: ti=(battery NEAR/5 electrode)."
    ),
    LanguageReason.NEAR_LONE: lazy_gettext(
        "“%(piece)s” at character %(position)s is too short for NEAR or ADJ: at least two Chinese characters."
    ),
    LanguageReason.NEAR_TOO_FAR: lazy_gettext(
        "“%(piece)s” at character %(position)s: at most %(most)s words may lie between."
    ),
    LanguageReason.NEAR_TOO_MANY: lazy_gettext(
        "The groups beside “%(piece)s” at character %(position)s make more than %(most)s pairs."
    ),
    LanguageReason.LEADING_WILDCARD: lazy_gettext(
        "“%(piece)s” at character %(position)s begins with *; a * may only stand at the end of a word."
    ),
    LanguageReason.WILDCARD_IN_VALUE: lazy_gettext(
        "“%(piece)s” at character %(position)s: this field has no words that a * could stand for."
    ),
    LanguageReason.OTHER_WILDCARD: lazy_gettext(
        "“%(piece)s” at character %(position)s: ? and # stand for nothing here. Write * at the end of a word,"
        " or quotation marks around what is to be taken as it stands."
    ),
    LanguageReason.BAD_SYMBOL: lazy_gettext(
        "“%(piece)s” at character %(position)s is not a class symbol such as H01M or H01M10/0525."
    ),
    LanguageReason.BAD_NICE: lazy_gettext(
        "“%(piece)s” at character %(position)s is not a class of goods and services; these are 1 to 45."
    ),
    LanguageReason.BAD_NUMBER: lazy_gettext(
        "“%(piece)s” at character %(position)s holds no figure, so it is no number of a right."
    ),
    LanguageReason.BAD_DATE: lazy_gettext(
        "“%(piece)s” at character %(position)s is not a date from 1900 to 2199 such as 2026, 2026-03 or"
        " 2026-03-31."
    ),
    LanguageReason.BAD_AMOUNT: lazy_gettext(
        "“%(piece)s” at character %(position)s is not an amount such as 120000, 12万 or USD1000."
    ),
    LanguageReason.BAD_YEARS: lazy_gettext(
        "“%(piece)s” at character %(position)s is not a number of years below 100 such as 5 or 2.5."
    ),
    LanguageReason.BAD_SPAN: lazy_gettext(
        "“%(piece)s” at character %(position)s is not a range such as =[2026-01-01 TO 2026-06-30];"
        " * leaves an end open."
    ),
    LanguageReason.SPAN_CROSSED: lazy_gettext(
        "In “%(piece)s” at character %(position)s the end lies before the beginning."
    ),
    LanguageReason.TWO_CURRENCIES: lazy_gettext(
        "“%(piece)s” at character %(position)s names two currencies; prices are only compared in one."
    ),
    LanguageReason.TOO_DEEP: lazy_gettext(
        "At character %(position)s more than %(most)s parentheses and NOTs stand inside each other."
    ),
}

AND, OR, NOT = lazy_gettext("AND"), lazy_gettext("OR"), lazy_gettext("NOT")

FIELD_NAMES: dict[str, Any] = {
    "ti": lazy_gettext("title"),
    "ab": lazy_gettext("abstract"),
    "cl": lazy_gettext("claims"),
    "pa": lazy_gettext("applicant"),
    "nr": lazy_gettext("number"),
    "ic": lazy_gettext("IPC class"),
    "cpc": lazy_gettext("CPC class"),
    "nc": lazy_gettext("Nice class"),
    "st": lazy_gettext("state"),
    "ty": lazy_gettext("type of right"),
    "pr": lazy_gettext("start price"),
    "ch": lazy_gettext("way of selling"),
    "dt": lazy_gettext("day of bidding"),
    "fd": lazy_gettext("filing date"),
    "pd": lazy_gettext("on the market since"),
    "rl": lazy_gettext("life left"),
    "rg": lazy_gettext("region of the seller"),
}

FIELD_HINTS: dict[str, Any] = {
    "ti": lazy_gettext("Words in the title of the lot and of each of its rights."),
    "ab": lazy_gettext("Words in the abstracts."),
    "cl": lazy_gettext("Words in the claims."),
    "pa": lazy_gettext("Words in the names of applicants and owners; a whole name in quotation marks."),
    "nr": lazy_gettext(
        "Application, publication or registration number, however it is written;"
        " one finds the lot of the other."
    ),
    "ic": lazy_gettext(
        "A class with everything below it; a subgroup alone, and with /low also everything below it"
        " in the scheme."
    ),
    "cpc": lazy_gettext("The same for symbols of the cooperative classification."),
    "nc": lazy_gettext("Class of goods and services of a trademark, 1 to 45."),
    "st": lazy_gettext("published (on offer), reserved (in progress), sold or unsold."),
    "ty": lazy_gettext("invention, utility_model, design, trademark, copyright; patent for the first three."),
    "pr": lazy_gettext("Start price, in yuan unless a currency is named; 万 and 亿 may follow the figures."),
    "ch": lazy_gettext(
        "english, english_rounds, dutch, hybrid_dutch, sealed, sale_off; auction for the first five."
    ),
    "dt": lazy_gettext("Day on which bidding opens or closes, for lots still to be sold."),
    "fd": lazy_gettext("Filing date of the right filed first."),
    "pd": lazy_gettext("Day on which the lot was published here."),
    "rl": lazy_gettext("Years from today until the right that ends first ends."),
    "rg": lazy_gettext("Where the seller is: a province by name or by code."),
}

OPERATOR_HINTS: tuple[tuple[str, Any], ...] = (
    ("AND · 与", lazy_gettext("Both. Neighbours without an operator are joined by AND.")),
    ("OR · 或", lazy_gettext("At least one of the two.")),
    ("NOT · 非 · -", lazy_gettext("Without what follows.")),
    ("( )", lazy_gettext("What belongs together; also behind a field.")),
    ('" "', lazy_gettext("The words as they stand, next to each other.")),
    ("word*", lazy_gettext("Words that begin so; also inside a field.")),
    ("NEAR/5", lazy_gettext("At most so many words, in Chinese characters, between; in either order.")),
    ("ADJ/3 · W/3", lazy_gettext("The same, the first word before the second.")),
    ("= · :", lazy_gettext("Joins a field and what is looked for in it.")),
    (
        "> · >= · < · <=",
        lazy_gettext("Prices, dates and years of life; a date may be a year, a month or a day."),
    ),
    ("[a TO b]", lazy_gettext("From a to b, both included; * leaves an end open.")),
)
