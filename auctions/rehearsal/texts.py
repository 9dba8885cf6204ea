"""The words of rehearsals."""

from typing import Any

from flask_babel import lazy_gettext as _

from auctions.rehearsal.rules import Manner
from auctions.rules import NextRoundKind

MANNERS: dict[Manner, Any] = {
    Manner.EAGER: _("eager: looks often, may jump a few raises"),
    Manner.STEADY: _("steady: bids the least that leads"),
    Manner.LATE: _("late: waits for the last moments"),
    Manner.MAXIMUM: _("leaves its maximum where that is offered"),
}

NEXT_ROUNDS: dict[NextRoundKind, Any] = {
    NextRoundKind.RE_AUCTION: _("a new auction in which the defaulter may not bid"),
    NextRoundKind.SECOND_AUCTION: _("a second auction, from this price on"),
    NextRoundKind.SALE_OFF: _("a sale-off at this price"),
}
