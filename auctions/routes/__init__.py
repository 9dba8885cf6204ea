"""The pages of auctions: the blotter, the live room, registering, bidding, control, the journal."""

from auctions.combination import routes as combination
from auctions.rehearsal import routes as rehearsing
from auctions.routes import (
    bidding,
    blotter,
    confirming,
    priority,
    registering,
    replaying,
    rooms,
    running,
    sealing,
    wall,
)
from auctions.routes.shared import blueprint

__all__ = [
    "bidding",
    "blotter",
    "blueprint",
    "combination",
    "confirming",
    "priority",
    "registering",
    "rehearsing",
    "replaying",
    "rooms",
    "running",
    "sealing",
    "wall",
]
