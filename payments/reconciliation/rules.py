"""What is compared, what counts as a difference, and how the gateway's view reads beside the ledger. Pure."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum

from payments.gateways import GatewayState, Phase

# A run keeps and shows so many differences; all are counted.
KEPT = 200


class Part(StrEnum):
    """What was laid beside the ledger."""

    ENTRIES = "entries"
    ROWS = "rows"
    GATEWAY = "gateway"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of which two sources say two things.

    Attributes:
        what: the row, account or rule it is about.
        ours: what the ledger says; theirs: what the other source says.
    """

    part: Part
    what: str
    ours: str
    theirs: str

    def written(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


@dataclass(slots=True)
class Comparison:
    """What one run has compared so far, and what differed.

    Attributes:
        compared: how many things of each part.
        left: gateway objects that the limit left out; they are not said to agree.
    """

    compared: dict[Part, int] = field(default_factory=lambda: dict.fromkeys(Part, 0))
    differences: list[Difference] = field(default_factory=list)
    left: int = 0

    @property
    def agrees(self) -> bool:
        """Whether everything was compared and nothing differed."""
        return not self.differences and not self.left

    def note(self, part: Part, found: list[Difference], count: int) -> None:
        """`count` more things of a part were compared."""
        self.compared[part] += count
        self.differences += found


@dataclass(frozen=True, slots=True)
class Booked:
    """What the ledger says of one object of the gateway, in minor units.

    Attributes:
        promised: held and neither taken nor let go.
        came, went: taken, and given back.
    """

    promised: int
    came: int
    went: int

    def __str__(self) -> str:
        return f"promised {self.promised}, came {self.came}, went {self.went}"


def agrees(booked: Booked, state: GatewayState, currency: str) -> bool:
    """Whether the gateway's view of an object is what the ledger says.

    Some gateways go on saying what was taken after a refund, others say what is left of it.
    """
    if state.currency != currency:
        return False
    match state.phase:
        case Phase.HELD:
            return booked == Booked(state.minor, 0, 0)
        case Phase.PAID:
            kept = {booked.came, booked.came - booked.went}
            return booked.promised == 0 and booked.came > 0 and state.received_minor in kept
        case _:
            return booked.promised == 0 and booked.came == booked.went


def said(state: GatewayState) -> str:
    """The gateway's view in words that stand beside `Booked`."""
    return f"{state.phase}: {state.minor} asked, {state.received_minor} taken, in {state.currency}"
