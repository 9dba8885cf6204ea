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
from marketplace.listings.service.ladder import attempt_failed, leave_market, offer_again
from marketplace.listings.service.moves import release, reserve
from marketplace.listings.service.wholes import draft_whole

__all__ = [
    "approve",
    "attempt_failed",
    "draft",
    "draft_whole",
    "edit",
    "leave_market",
    "mark_duplicates",
    "offer_again",
    "publish",
    "release",
    "reserve",
    "send_back",
    "store_portfolio",
    "submit",
    "withdraw",
]
