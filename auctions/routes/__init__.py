"""The pages of auctions: the blotter, the live room, registering, bidding, control, the journal."""

from auctions.routes import bidding, blotter, registering, rooms, running
from auctions.routes.shared import blueprint

__all__ = ["bidding", "blotter", "blueprint", "registering", "rooms", "running"]
