"""Officers of both institutions bring their shares in the same moment: all is opened once, or not yet."""

from collections.abc import Callable

import pytest
from crowd import raised_at_once
from flask import Flask
from sqlalchemy import func, select

from auctions import invariants
from auctions.rules import Outcome
from auctions.scenarios.stand_ins import StandIn
from auctions.sealing.models import OpenedBid, Opening, OpeningContribution
from auctions.service.contributing import opening_file
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.errors import Conflict

from .builders_of_sealing import SealedSale, auction, closed, played

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", [pytest.param("postgresql")], indirect=True),
]


def bringing(sealed: SealedSale, officer: StandIn) -> Callable[[], None]:
    def bring() -> None:
        with atomic() as session:
            officer.contribute(session, sealed.auction_id)

    return bring


@pytest.mark.parametrize("attempt", range(5))
def test_all_officers_at_once_open_once(app: Flask, clock: FixedClock, attempt: int) -> None:
    sealed = played(clock)
    closed(sealed, clock)
    everybody = [bringing(sealed, officer) for officer in (*sealed.bank, *sealed.operator)]
    faults = [type(error) for error in raised_at_once(app, everybody)]
    assert set(faults) <= {Conflict}  # whoever comes after the opening hears that it is over
    with atomic() as session:
        for model in (Opening, Deal):
            assert session.scalar(select(func.count()).select_from(model)) == 1
        assert session.scalar(select(func.count()).select_from(OpenedBid)) == 4
        assert 2 <= (session.scalar(select(func.count()).select_from(OpeningContribution)) or 0) <= 4
        assert auction(session, sealed).outcome is Outcome.SOLD
        assert [problem for _, ask in invariants.CHECKS for problem in ask(session)] == []


def test_the_same_officer_twice_at_once_counts_once(app: Flask, clock: FixedClock) -> None:
    sealed = played(clock)
    closed(sealed, clock)
    with atomic() as session:
        assert opening_file(session, sealed.bank[0].actor, sealed.auction_id)
    faults = [type(error) for error in raised_at_once(app, [bringing(sealed, sealed.bank[0])] * 3)]
    assert faults == [Conflict, Conflict]
    with atomic() as session:
        assert session.scalar(select(func.count()).select_from(OpeningContribution)) == 1
