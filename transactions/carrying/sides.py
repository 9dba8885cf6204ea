"""What is published of the two sides of a sale: the seller's kind and region, whether they belong together.

No name leaves this marketplace. The seller's ultimate parent becomes a token by which sellers that belong
together are counted as one, in every marketplace that shares the key.
"""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from auctions.fair_play.queries import node_of, ties_around
from auctions.fair_play.rules.ties import paths
from marketplace.config import Config
from marketplace.parties.models import Institution
from marketplace.parties.names import region_of
from transactions.sharing.parents import parent_token


def seller_facts(seller: Institution) -> dict[str, Any]:
    """Kind, region and the parent's token."""
    settings: Config = current_app.extensions["settings"]
    return {
        "seller_kind": seller.kind.value,
        "seller_parent": parent_token(settings, *seller.ultimate_parent),
        "region": region_of(seller.country, seller.registration_number, seller.region),
    }


def belong_together(session: Session, seller: Institution, buyer: Institution) -> bool:
    """Whether both stated the same parent, or a certain chain of ties joins them.

    What was only found, such as a common mail domain, is for a person to look into and says nothing here.
    """
    if seller.stated_parent == buyer.stated_parent:
        return True
    start, end = node_of(seller), node_of(buyer)
    found = paths(ties_around(session, [start, end]), start, [end]).get(end)
    return found is not None and found.certain
