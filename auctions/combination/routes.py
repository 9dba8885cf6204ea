"""Where the two ways of a combination stand: the whole against the sum of its parts."""

import uuid
from dataclasses import dataclass

from flask import render_template

from auctions.asking import person_key, reading
from auctions.combination.queries import combination_of_lot, members_of
from auctions.combination.rules import Totals, totals
from auctions.live import snapshot
from auctions.live.snapshot import Snapshot
from auctions.models import Auction, Combination
from auctions.routes.rooms import READS
from auctions.routes.shared import blueprint
from marketplace import clock
from marketplace.web import limiter, public


@dataclass(frozen=True, slots=True)
class Standing:
    """A combination as everybody may see it; the row of the whole comes first."""

    combination: Combination
    rows: list[tuple[Auction, Snapshot]]
    totals: Totals


@blueprint.get("/lots/<uuid:lot_id>/together")
@public
@limiter.limit(READS, key_func=person_key)
def together_fragment(lot_id: uuid.UUID) -> str:
    """The prices of the whole and of the parts, and which way has the better total as bids stand."""
    combination = combination_of_lot(reading(), lot_id)
    standing = None if combination is None else _standing(combination)
    return render_template("auctions/_together.html", standing=standing)


def _standing(combination: Combination) -> Standing:
    now = clock.now()
    members = members_of(reading(), combination.id)
    rows = [(auction, snapshot.take(reading(), auction, now)) for auction in members]
    rows.sort(key=lambda row: (row[0].lot_id != combination.whole_lot_id, row[0].lot.reference))
    if combination.decided_at is not None:
        return Standing(combination, rows, Totals(combination.whole_minor, combination.parts_minor))
    prices = [seen.price for _, seen in rows]
    return Standing(combination, rows, totals(prices[0], prices[1:]))
