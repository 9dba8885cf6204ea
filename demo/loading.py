"""The demo's data for `make run`: the story as the past, and some auctions of the present."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from demo import script
from demo.story import Play
from marketplace import clock
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution

_BEGINS_AGO = timedelta(days=60)

# Announced long enough before the opening for the rule pack's notice.
_ANNOUNCED_AGO = timedelta(days=9)

# By lot: hours from now to the opening and to the close.
_AUCTIONS = {"L001": (-1, 3), "L002": (-2, 30), "L005": (-1, 8), "L010": (40, 64)}


def load_once() -> None:
    """Load the demo where there is no institution yet."""
    if db.session.scalar(select(Institution.id).limit(1)) is not None:
        return
    print("Loading the demo; this takes half a minute …", flush=True)
    present = clock.now()
    app, fixed = current_app._get_current_object(), FixedClock(present - _BEGINS_AGO)  # type: ignore[attr-defined]  # noqa: SLF001
    with clock.use(fixed):
        play = Play(app, fixed, lambda text: print(text, flush=True))
        play.run()
        fixed.move_to(present - _ANNOUNCED_AGO)
        for reference, (opens, closes) in _AUCTIONS.items():
            with atomic() as session:
                lot_id = session.scalars(select(Lot.id).where(Lot.reference == reference)).one()
            times = (present + timedelta(hours=hours) for hours in (opens, closes))
            script.bring_to_market(lot_id, *times)
            script.schedule(lot_id)
        fixed.move_to(present)
        play.tick()
