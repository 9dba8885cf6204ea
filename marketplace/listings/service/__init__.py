"""The verbs of listings."""

from marketplace.listings.service.drafting import (
    approve,
    draft,
    edit,
    publish,
    send_back,
    submit,
    withdraw,
)
from marketplace.listings.service.importing import mark_duplicates, store_portfolio
from marketplace.listings.service.moves import release, reserve
from marketplace.listings.service.wholes import draft_whole

__all__ = [
    "approve",
    "draft",
    "draft_whole",
    "edit",
    "mark_duplicates",
    "publish",
    "release",
    "reserve",
    "send_back",
    "store_portfolio",
    "submit",
    "withdraw",
]
