"""The words of a confirmation; each is printed in Chinese and in English."""

from typing import Any

from flask_babel import lazy_gettext as _

TITLE: Any = _("Confirmation of sale")
OPENING: Any = _(
    "This marketplace confirms that the lot named below was sold by public bidding to the buyer named below. "
    "The bidding was recorded entry by entry; the record can be checked by anybody."
)
LOT: Any = _("What was sold")
PARTIES: Any = _("Between whom")
PRICE: Any = _("At what price")
PROOF: Any = _("How this can be checked")

LABELS: dict[str, Any] = {
    "code": _("Verification code"),
    "lot": _("Lot"),
    "reference": _("Lot number"),
    "rights": _("Rights"),
    "auction": _("Auction number"),
    "procedure": _("Procedure"),
    "time": _("Time of the bidding"),
    "closed_at": _("Sold at"),
    "seller": _("Seller"),
    "buyer": _("Buyer"),
    "agency": _("Buyer's agency"),
    "alias": _("Bidder's alias"),
    "bids": _("Bidders, and bids"),
    "start_price": _("Start price"),
    "price": _("Price of the sale"),
    "deposit": _("Deposit, counted towards it"),
    "due": _("Still to be paid"),
    "pay_by": _("To be paid by"),
    "last_hash": _("Hash of the record's last entry"),
    "address": _("Check it at"),
}

CLOSING: tuple[Any, ...] = (
    _(
        "The price has to be paid in full by the date above. A buyer who does not pay loses the deposit as "
        "the rules of the auction say."
    ),
    _(
        "This document confirms the bidding. Title passes as the law has it: in a sale by a court when its "
        "ruling is served on the buyer, otherwise when the transfer is recorded in the register of the right."
    ),
    _(
        "The page above says whether the sale stands and whether it has been paid. Whoever has this code "
        "sees what was sold and at what price; pass it on only to whom it concerns."
    ),
)
