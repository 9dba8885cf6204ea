"""The blueprint of auctions and what its templates may ask."""

from flask import Blueprint, current_app, url_for

from auctions import texts
from marketplace.access import Verb, may
from marketplace.web import optional_actor

blueprint = Blueprint("auctions", __name__, template_folder="../templates")


@blueprint.app_context_processor
def words() -> dict[str, object]:
    """The words of auctions for templates."""
    return {"auction_texts": texts, "allows": allows, "address_of": address_of}


def address_of(endpoint: str, **values: object) -> str | None:
    """The URL of a page of another package, or None where that package is not installed."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None  # type: ignore[arg-type]


def allows(verb: str) -> bool:
    """Whether the reader may do this to anything at all; pages ask before they show a link."""
    actor = optional_actor()
    return actor is not None and may(actor, Verb(verb))
