"""The demo's data for `make run`: the story as the past, and some auctions of the present."""

import uuid
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from demo import script
from demo.story import Play
from marketplace import clock
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution

BEGINS_AGO = timedelta(days=60)

# Announced long enough before the opening for the rule pack's notice.
_ANNOUNCED_AGO = timedelta(days=9)

# By lot: hours from now to the opening and to the close.
_AUCTIONS = {"L001": (-1, 3), "L002": (-2, 30), "L005": (-1, 8), "L010": (40, 64)}
_LIVELY, _COMING = "L001", "L010"

# Submitted and still to be approved; its bidding opens so many days from now.
_WAITING, _LATER = "L008", 20


def load_once() -> None:
    """Load the demo where there is no institution yet."""
    if db.session.scalar(select(Institution.id).limit(1)) is not None:
        return
    print("Loading the demo; this takes half a minute …", flush=True)
    present = clock.now()
    app, fixed = current_app._get_current_object(), FixedClock(present - BEGINS_AGO)  # type: ignore[attr-defined]  # noqa: SLF001
    with clock.use(fixed):
        play = Play(app, fixed, lambda text: print(text, flush=True))
        play.run()
        fixed.move_to(present - _ANNOUNCED_AGO)
        announced = {}
        for reference, (opens, closes) in _AUCTIONS.items():
            lot_id = _lot(reference)
            times = (present + timedelta(hours=hours) for hours in (opens, closes))
            script.bring_to_market(lot_id, *times)
            announced[reference] = script.schedule(lot_id)
        _today(play, fixed, announced, present)


def _today(play: Play, fixed: FixedClock, announced: dict[str, uuid.UUID], present: datetime) -> None:
    """What waits for somebody today: a bid to answer, a deposit to pay, a lot to approve."""
    carol, dave = script.actor("carol"), script.actor("dave")
    for bidder in (carol, dave):
        script.register(announced[_LIVELY], bidder)
    play.tick()
    script.wire_deposits({bidder.institution_id: bidder for bidder in (carol, dave)})
    script.register(announced[_COMING], carol)
    opens_at = present + timedelta(days=_LATER)
    script.submit(_lot(_WAITING), opens_at, opens_at + timedelta(days=1))
    for bidder, steps, minutes in ((dave, 0, 50), (carol, 4, 40), (dave, 6, 20)):
        fixed.move_to(present - timedelta(minutes=minutes))
        play.tick()
        script.bid(announced[_LIVELY], bidder, script.raised(_lot(_LIVELY), steps))
    fixed.move_to(present)
    play.tick()


def _lot(reference: str) -> uuid.UUID:
    with atomic() as session:
        return session.scalars(select(Lot.id).where(Lot.reference == reference)).one()
