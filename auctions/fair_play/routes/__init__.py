"""The pages of fair play: leads, the barred list, ties, awards; what an institution sees of itself."""

from auctions.fair_play.routes import awards, bans, leads, own, ties
from auctions.fair_play.routes.shared import blueprint

__all__ = ["awards", "bans", "blueprint", "leads", "own", "ties"]
