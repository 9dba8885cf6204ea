"""What the measures read: ended auctions and traces, as frozen values. Pure.

Bidders and sellers are ids as text; amounts are minor units of one currency per auction.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Bid:
    """An accepted bid by hand.

    Attributes:
        elapsed: the share of the running time that had gone, from 0 at the opening to 1 at the end.
        raised: by how much it raised the price; the first bid raises by nothing.
    """

    sequence: int
    bidder: str
    amount: int
    raised: int
    elapsed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedAuction:
    """One auction after its end.

    Attributes:
        step: the least raise.
        price: what the lot went for, or the highest bid where it was not sold; None without bids.
        winner: who won in the end; None when nothing was sold.
        defaulted: those who won and did not pay.
    """

    id: str
    seller: str
    start_price: int
    step: int
    reserve: int | None
    price: int | None
    winner: str | None
    registered: frozenset[str]
    bids: tuple[Bid, ...]
    defaulted: frozenset[str] = frozenset()

    def bids_of(self, bidder: str) -> tuple[Bid, ...]:
        return tuple(bid for bid in self.bids if bid.bidder == bidder)

    @property
    def winners(self) -> frozenset[str]:
        """Everybody to whom the lot was awarded at some moment, those who did not pay too."""
        return self.defaulted | ({self.winner} if self.winner else set())

    @property
    def ahead(self) -> frozenset[str]:
        """Who stood ahead at the end: the winners, or the highest bidder where nothing was sold."""
        return self.winners or frozenset(bid.bidder for bid in self.bids[-1:])


class TraceKind(StrEnum):
    DEVICE = "device"
    BROWSER = "browser"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Trace:
    """A hashed mark of a bidder's sign-ins: the browser's own mark, program and network, or network."""

    bidder: str
    kind: TraceKind
    digest: str
