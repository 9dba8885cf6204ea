"""Bank transfers: a code on the purpose line tells whose they are, and an officer confirms them."""

import secrets
from dataclasses import dataclass

from payments.rules import reference_code


def new_reference() -> str:
    """A fresh code for the purpose line; its column is unique, so a repeat of one in 23⁹ is refused there."""
    return reference_code(secrets.choice)


@dataclass(frozen=True, slots=True)
class Received:
    """What is here for a deposit or payment, against what is asked. Minor units.

    Attributes:
        balance: the buyer's money on this lot that is bound to nothing yet.
    """

    asked: int
    balance: int

    @property
    def enough(self) -> bool:
        return self.balance >= self.asked

    @property
    def missing(self) -> int:
        """What has still to come; the part that came is kept as the buyer's balance."""
        return max(0, self.asked - self.balance)

    @property
    def over(self) -> int:
        """What came too much; it stays the buyer's and goes back, or counts toward the price."""
        return max(0, self.balance - self.asked)
