"""The pages of auctions: the blotter, the live room, registering, bidding, control, the journal."""

from auctions.combination import routes as combination
from auctions.routes import bidding, blotter, priority, registering, rooms, running
from auctions.routes.shared import blueprint

__all__ = ["bidding", "blotter", "blueprint", "combination", "priority", "registering", "rooms", "running"]
