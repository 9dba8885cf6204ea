"""The blueprint of listings and what its views share."""

from typing import Any, TypeVar

from flask import Blueprint, request
from sqlalchemy.orm import Session

from marketplace.db import db
from marketplace.listings.texts import (
    ACTS,
    AUCTION_FORMATS,
    CONSENT_MEANINGS,
    CONSENT_TIERS,
    LOT_STATUSES,
    LOT_TONES,
    NEXT_ACTIONS,
    PRICE_BASES,
)
from marketplace.rights.texts import ENCUMBRANCES, RIGHT_TYPES
from marketplace.taxes.texts import BEARERS, PRICE_TREATMENTS

blueprint = Blueprint("listings", __name__, template_folder="../templates")

Choice = TypeVar("Choice")


@blueprint.context_processor
def words() -> dict[str, Any]:
    """The words for enums, for every template of listings."""
    return {
        "statuses": LOT_STATUSES,
        "tones": LOT_TONES,
        "actions": NEXT_ACTIONS,
        "acts": ACTS,
        "bases": PRICE_BASES,
        "consent_meanings": CONSENT_MEANINGS,
        "consent_tiers": CONSENT_TIERS,
        "formats": AUCTION_FORMATS,
        "tax_bearers": BEARERS,
        "price_taxes": PRICE_TREATMENTS,
        "right_types": RIGHT_TYPES,
        "encumbrance_kinds": ENCUMBRANCES,
    }


def reading() -> Session:
    return db.session()


def page_number() -> int:
    return max(request.args.get("page", 1, type=int) or 1, 1)


def chosen(name: str, kind: type[Choice]) -> Choice | None:
    """A choice of the query string; None where it is missing or not one."""
    try:
        return kind(request.args.get(name, ""))  # type: ignore[call-arg]
    except ValueError:
        return None
