"""Lots on somebody's list: every change is told, bidders are not told twice, hidden lots say nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from watching_cast import Stage, follow, mails_to, notices_of, tell

from auctions import service as auctions
from auctions.models import Auction
from auctions.rules import Outcome
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from search.watching.models import MailRefusal, Watch
from search.watching.rules.words import WatchReason
from search.watching.service import searches, watches


def watch(lot: Lot, *actors: Actor) -> None:
    for actor in actors:
        with atomic() as session:
            watches.watch(session, actor, lot.id)


def hear(stage: Stage, actor: Actor) -> list[str]:
    """What the actor was told in all, the oldest first."""
    follow()
    tell()
    return [kind.removeprefix("watched_") for kind, _ in notices_of(actor)]


def test_the_life_of_a_lot_is_told(stage: Stage, session: Session, clock: FixedClock) -> None:
    lot = stage.lot("Battery")
    follow()
    watch(lot, stage.carol)
    auction = stage.announce(lot, hours=72)
    assert hear(stage, stage.carol) == ["scheduled"]
    clock.advance(minutes=1)
    with atomic() as writing:
        writing.get_one(Auction, auction.id).opens_at += timedelta(hours=1)
    assert hear(stage, stage.carol) == ["scheduled", "rescheduled"]
    clock.advance(hours=48)
    assert hear(stage, stage.carol) == ["scheduled", "rescheduled"]
    clock.advance(hours=2)
    assert hear(stage, stage.carol)[2:] == ["opens_soon"]
    assert hear(stage, stage.carol)[2:] == ["opens_soon"]
    clock.advance(days=4)
    stage.change(lot, status=LotStatus.UNSOLD)
    assert hear(stage, stage.carol)[3:] == ["unsold"]
    clock.advance(days=1)
    stage.change(lot, status=LotStatus.PUBLISHED, published_at=clock(), start_price_minor=8_000_000)
    assert set(hear(stage, stage.carol)[4:]) == {"price_changed", "published"}
    clock.advance(days=1)
    stage.change(lot, status=LotStatus.SOLD)
    assert hear(stage, stage.carol)[6:] == ["sold"]
    assert len(mails_to(stage.carol_row)) == 6


def test_a_longer_bidding_is_no_news(stage: Stage, clock: FixedClock) -> None:
    lot = stage.lot()
    auction = stage.announce(lot)
    follow()
    watch(lot, stage.carol)
    clock.advance(hours=48)
    with atomic() as session:
        assert auctions.open_due(session)
    with atomic() as session:
        row = session.get_one(Auction, auction.id)
        assert row.closes_at is not None
        row.closes_at += timedelta(minutes=5)
    assert hear(stage, stage.carol) == []


def test_a_lot_taken_off_the_market_is_only_gone(stage: Stage, clock: FixedClock) -> None:
    lot = stage.lot("Battery that was public")
    follow()
    watch(lot, stage.carol)
    clock.advance(seconds=1)
    stage.change(lot, status=LotStatus.DRAFTED, title="Battery with a secret", start_price_minor=1)
    assert hear(stage, stage.carol) == ["gone"]
    assert notices_of(stage.carol) == [("watched_gone", "Battery that was public")]
    (mail,) = mails_to(stage.carol_row)
    assert "secret" not in mail.subject + mail.body
    assert str(lot.id) not in mail.body
    clock.advance(seconds=1)
    stage.change(lot, status=LotStatus.PUBLISHED, published_at=clock())
    assert hear(stage, stage.carol) == ["gone", "published"]


def test_news_of_a_lot_hidden_meanwhile_are_not_told(stage: Stage, clock: FixedClock) -> None:
    lot = stage.lot()
    follow()
    watch(lot, stage.carol)
    stage.announce(lot)
    follow()
    clock.advance(seconds=1)
    stage.hide(lot)
    tell()
    assert notices_of(stage.carol) == []
    assert hear(stage, stage.carol) == ["gone"]


@pytest.mark.parametrize(("outcome", "told"), [(Outcome.SOLD, []), (Outcome.UNSOLD, ["sold"])])
def test_a_bidder_hears_the_end_from_the_auction_if_that_ended_so(
    stage: Stage, clock: FixedClock, outcome: Outcome, told: list[str]
) -> None:
    lot = stage.lot()
    auction = stage.announce(lot)
    with atomic() as session:
        auctions.register(session, stage.dave, auction.id)
    follow()
    watch(lot, stage.carol, stage.dave)
    clock.advance(hours=1)
    stage.change(lot, status=LotStatus.SOLD)
    with atomic() as session:
        session.get_one(Auction, auction.id).outcome = outcome
    assert hear(stage, stage.carol) == ["sold"]
    assert hear(stage, stage.dave) == told


def test_several_lots_come_in_one_mail(stage: Stage) -> None:
    lots = [stage.lot(f"Battery {number}") for number in range(3)]
    follow()
    for lot in lots:
        watch(lot, stage.carol)
        stage.announce(lot)
    assert hear(stage, stage.carol) == ["scheduled"] * 3
    (mail,) = mails_to(stage.carol_row)
    assert mail.subject == "News of lots on your watch list"
    assert all(lot.title in mail.body for lot in lots)


def test_whoever_stopped_mails_has_notices_still(stage: Stage, session: Session) -> None:
    lot = stage.lot()
    stage.save()
    follow()
    watch(lot, stage.carol)
    for _ in range(2):
        with atomic() as writing:
            searches.refuse_mails(writing, stage.carol.person_id)
    stage.announce(lot)
    assert len(hear(stage, stage.carol)) == 2
    assert not mails_to(stage.carol_row)
    with atomic() as writing:
        searches.want_mails(writing, stage.carol)
    session.rollback()
    assert session.scalars(select(MailRefusal)).all() == []


def test_only_public_lots_are_watched_each_once_and_not_too_many(
    stage: Stage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watches, "WATCHES_LIMIT", 1)
    lot, other, hidden = stage.lot(), stage.lot(), stage.lot(status=LotStatus.DRAFTED)
    watch(lot, stage.carol, stage.carol)
    with pytest.raises(Refused) as refused:
        watch(other, stage.carol)
    assert refused.value.reason is WatchReason.TOO_MANY_WATCHES
    with pytest.raises(NotFound):
        watch(hidden, stage.dave)
    for _ in range(2):
        with atomic() as writing:
            watches.stop_watching(writing, stage.carol, lot.id)
    session.rollback()
    assert session.scalars(select(Watch)).all() == []
