"""The words for saved cards and the holds on them."""

from typing import Any

from flask_babel import lazy_gettext

from payments.cards.rules import CardReason, CardStatus

REFUSALS = {
    CardReason.CARD_NOT_SAVED: lazy_gettext("This card is not saved, or not by you. Choose another one."),
    CardReason.CARD_IN_USE: lazy_gettext(
        "A deposit is held on this card, or will be. It can be removed once that deposit has ended."
    ),
    CardReason.TOO_MANY_CARDS: lazy_gettext("No more than %(most)s cards can be kept. Remove one first."),
    CardReason.NOT_RAISED: lazy_gettext("The amount must be greater than what is held already."),
    CardReason.NOTHING_TO_RENEW: lazy_gettext(
        "No card hold stands that could be renewed now, or its renewal is under way. Please reload the page."
    ),
}

CARDS = {
    CardStatus.ASKED: lazy_gettext("to be entered"),
    CardStatus.SAVED: lazy_gettext("saved"),
    CardStatus.FAILED: lazy_gettext("not saved"),
    CardStatus.REMOVED: lazy_gettext("removed"),
}

# How a status looks: see `status_pill`.
CARD_TONES = {
    CardStatus.ASKED: "decision",
    CardStatus.SAVED: "done",
    CardStatus.FAILED: "stopped",
    CardStatus.REMOVED: "stopped",
}

# The names that the gateway gives to card networks, as their owners write them.
_BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "eftpos",
    "jcb": "JCB",
    "link": "Link",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def card_name(card: Any) -> str:
    """What the holder knows a card by, such as `Visa ···· 4242`; a brand we do not know as it is given."""
    brand = _BRANDS.get(card.brand, card.brand.replace("_", " ").capitalize())
    return f"{brand} ···· {card.last_four}".strip()
