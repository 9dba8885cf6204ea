"""The words for windows for offers."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from marketplace.deals.windows.rules import BY_DEAL, LOT_OVER, WindowReason, WindowStatus

WINDOW_STATUSES: dict[WindowStatus, Any] = {
    WindowStatus.PROPOSED: _("proposed, waits for a second person"),
    WindowStatus.PLANNED: _("planned for when the auction finds no buyer"),
    WindowStatus.OPEN: _("open"),
    WindowStatus.CLOSED: _("closed"),
    WindowStatus.REFUSED: _("refused"),
    WindowStatus.DROPPED: _("dropped"),
}

WINDOW_TONES: dict[WindowStatus, str] = {
    WindowStatus.PROPOSED: "waiting",
    WindowStatus.PLANNED: "waiting",
    WindowStatus.OPEN: "live",
    WindowStatus.CLOSED: "done",
    WindowStatus.REFUSED: "stopped",
    WindowStatus.DROPPED: "stopped",
}

# Why a window ended otherwise than by its time or a person's reason.
WINDOW_ENDS: dict[str, Any] = {
    BY_DEAL: _("a price was agreed"),
    LOT_OVER: _("the lot was sold or withdrawn"),
}

REFUSALS: dict[StrEnum, Any] = {
    WindowReason.SOLD_IN_PUBLIC_ONLY: _(
        "Under this lot's rules no offers are taken: it is sold in public only."
    ),
    WindowReason.DAYS_OUT_OF_RANGE: _("A window lasts from 1 to %(most)s days (%(article)s)."),
    WindowReason.FLOOR_NOT_POSITIVE: _("A least offer is more than zero."),
    WindowReason.LOT_NOT_SUITED: _(
        "Offers are taken for a lot that an auction did not sell, or is to be auctioned."
    ),
    WindowReason.WINDOW_STANDS_ALREADY: _("This lot has a window for offers already."),
    WindowReason.OFFERS_ARE_TAKEN: _("Offers are being taken for this lot. End their window first."),
    WindowReason.PROPOSER_IS_APPROVER: _("A second person must approve: you proposed this yourself."),
    WindowReason.REASON_MISSING: _("State the reason."),
    WindowReason.WINDOW_NOT_OPEN: _("Offers are not taken now."),
    WindowReason.BELOW_FLOOR: _("The offer is below the least offer."),
    WindowReason.NOT_ABOVE_OWN: _("A new offer must be above your own, which it replaces."),
    WindowReason.SELLER_MAY_NOT_OFFER: _("The seller cannot offer for its own lot."),
    WindowReason.MANDATE_NEEDED: _("An agency offers under a mandate to buy."),
    WindowReason.BUYER_NOT_VERIFIED: _("The buyer is not verified."),
    WindowReason.OFFER_BINDS: _("This offer binds until the window closes."),
}
