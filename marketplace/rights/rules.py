"""IP rights and the encumbrances on them."""

from enum import StrEnum


class RightType(StrEnum):
    INVENTION = "invention"
    UTILITY_MODEL = "utility_model"
    DESIGN = "design"
    TRADEMARK = "trademark"
    COPYRIGHT = "copyright"


PATENTS = frozenset({RightType.INVENTION, RightType.UTILITY_MODEL, RightType.DESIGN})


class EncumbranceKind(StrEnum):
    PLEDGE = "pledge"
    LICENCE = "licence"
    SEIZURE = "seizure"
