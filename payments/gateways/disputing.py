"""What payments asks of a gateway about disputes, in our words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DisputeState:
    """A dispute as the gateway has it now.

    Attributes:
        intent_id: the charge whose money is asked back.
        minor: how much of it.
        taken_minor: what the gateway has taken back from us so far; 0 again once it has given it back.
        status: the gateway's own word.
        why: the reason the payer gave, in the gateway's words.
        due_by: until when evidence can be handed in; None where it cannot.
    """

    object_id: str
    intent_id: str
    minor: int
    currency: str
    taken_minor: int
    status: str
    why: str
    due_by: datetime | None


class Disputing(Protocol):
    """A gateway whose payers can ask their money back."""

    def look_up_dispute(self, object_id: str) -> DisputeState:
        """Ask how a dispute stands."""
