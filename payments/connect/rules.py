"""Which payees the gateway pays, and which the bank has to. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from payments.rules import PayoutKind


class ConnectReason(StrEnum):
    COUNTRY_NOT_SERVED = "country_not_served"
    ACCOUNT_THERE_ALREADY = "account_there_already"
    NO_GATEWAY = "no_gateway"


# The European Economic Area beside the four countries below; Liechtenstein, Iceland and Norway belong to it.
_EEA = frozenset(
    {
        "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IS", "IE", "IT",
        "LV", "LI", "LT", "LU", "MT", "NL", "NO", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
    }
)  # fmt: skip

# Between these the gateway pays across borders by itself (Stripe Connect); a payee elsewhere, so every one in
# mainland China, is paid by the bank.
SERVED = _EEA | {"US", "GB", "CA", "CH"}

# What goes out of a sale; what goes back to a buyer goes to where it came from.
KINDS = frozenset({PayoutKind.SETTLEMENT, PayoutKind.FORFEITURE})


@dataclass(frozen=True, slots=True)
class Payee:
    """What decides whether the gateway can make a payout.

    Attributes:
        country: of the payee's account at the gateway; empty where it has none.
        ready: the gateway pays out to that account.
        held: what the gateway holds for us in the payout's currency, in minor units.
    """

    kind: PayoutKind
    minor: int
    country: str
    ready: bool
    held: int


def served(country: str) -> bool:
    """Whether payees in this country can have an account at the gateway."""
    return country in SERVED


def by_transfer(payee: Payee) -> bool:
    """Whether the gateway makes this payout: it knows the payee, and holds the money."""
    return payee.kind in KINDS and served(payee.country) and payee.ready and payee.minor <= payee.held
