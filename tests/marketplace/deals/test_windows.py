"""Windows for offers: four eyes, binding offers, their end; on both databases, and the rules alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from builders import a_lot, a_mandate, an_actor, an_institution
from offers_cast import Cast
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals import invariants, windows
from marketplace.deals.models import Deal, Offer
from marketplace.deals.rules import DealStatus, OfferStatus
from marketplace.deals.service import offers
from marketplace.deals.windows import queries, service
from marketplace.deals.windows.models import OffersWindow
from marketplace.deals.windows.offering import leave
from marketplace.deals.windows.rules import (
    LOT_OVER,
    WindowReason,
    WindowStatus,
)
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.rules import LotStatus
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.parties.rules import InstitutionStatus

BUYER, AGENCY, BANK = InstitutionKind.BUYER, InstitutionKind.AGENCY, InstitutionKind.BANK
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


class House(Cast):
    """The cast of offers, its lot unsold."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.lot.status = LotStatus.UNSOLD
        session.flush()

    def opened(self, days: int = 14, floor_minor: int | None = None) -> OffersWindow:
        window = service.propose(self.session, self.alice, self.lot.id, days=days, floor_minor=floor_minor)
        return service.approve(self.session, self.amy, window.id)

    def left(self, window: OffersWindow, price_minor: int, actor: Actor | None = None) -> Offer:
        return leave(self.session, actor or self.carol, window.id, price_minor=price_minor)

    def another_buyer(self) -> Actor:
        return an_actor(self.session, BUYER, institution=an_institution(self.session, BUYER))


def refused(act: Callable[[], object]) -> object:
    with pytest.raises(Refused) as found:
        act()
    return found.value.reason


def nothing_is_broken(session: Session) -> None:
    session.flush()
    assert [check(session) for _, check in invariants.CHECKS] == [[]] * len(invariants.CHECKS)


def test_two_persons_open_a_window_for_an_unsold_lot(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        window = service.propose(session, house.alice, house.lot.id, days=14, floor_minor=9_000_000)
        both = an_actor(session, BANK, institution=house.bank)
        with pytest.raises(Conflict, match="window_stands_already"):
            service.propose(session, both, house.lot.id, days=7)
        window.proposed_by_id = both.person_id
        reason = refused(lambda: service.approve(session, both, window.id))
        assert reason is WindowReason.PROPOSER_IS_APPROVER
        with pytest.raises(NotAllowed):
            service.approve(session, house.alice, window.id)
        with pytest.raises(NotFound):
            service.approve(session, house.mallory, window.id)
        service.approve(session, house.amy, window.id)
        assert (window.status, window.closes_at) == (WindowStatus.OPEN, clock.moment + timedelta(days=14))
        nothing_is_broken(session)


def test_the_seller_picks_an_offer_with_four_eyes_and_the_others_lapse(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        house = House(session)
        window = house.opened()
        dave = house.another_buyer()
        high, low = house.left(window, 11_000_000), house.left(window, 10_500_000, dave)
        offers.accept(session, house.alice, low.id)
        deal = offers.approve(session, house.amy, low.id)
        assert (deal.price_minor, deal.buyer_id) == (10_500_000, dave.institution_id)
        assert deal.mandate_id is None
        assert (high.status, low.status) == (OfferStatus.EXPIRED, OfferStatus.APPROVED)
        assert (window.status, window.reason) == (WindowStatus.CLOSED, "deal")
        told = select(Notice.kind).where(Notice.institution_id == house.buyer.id)
        assert NoticeKind.OFFER_LAPSED in session.scalars(told).all()
        assert session.scalars(select(Deal.status)).all() == [DealStatus.AGREED]
        nothing_is_broken(session)


def test_what_nobody_accepted_lapses_when_the_worker_closes_the_window(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        house = House(session)
        window = house.opened(days=1)
        offer = house.left(window, 11_000_000)
        offers.accept(session, house.alice, offer.id)
        assert not windows.close_due(session)
        clock.advance(days=1)
        with pytest.raises(Conflict):
            house.left(window, 12_000_000, house.another_buyer())
        with pytest.raises(Conflict):
            offers.approve(session, house.amy, offer.id)
        assert windows.close_due(session)
        assert (window.status, offer.status) == (WindowStatus.CLOSED, OfferStatus.EXPIRED)
        assert not windows.close_due(session)
        assert house.lot.status is LotStatus.UNSOLD
        nothing_is_broken(session)


def test_a_window_ends_with_its_lot(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        offer = house.left(house.opened(), 11_000_000)
        planned = a_lot(session, house.bank)
        plan = service.propose(session, house.alice, planned.id, days=7)
        service.approve(session, house.amy, plan.id)
        assert not windows.close_due(session)
        house.lot.status = planned.status = LotStatus.WITHDRAWN
        session.flush()
        while windows.close_due(session):
            pass
        assert (offer.status, plan.status) == (OfferStatus.EXPIRED, WindowStatus.DROPPED)
        assert {window.reason for window in session.scalars(select(OffersWindow))} == {LOT_OVER}
        nothing_is_broken(session)


def test_an_offer_binds_and_can_only_be_raised(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        window = house.opened(floor_minor=9_000_000)
        assert refused(lambda: house.left(window, 8_999_999)) is WindowReason.BELOW_FLOOR
        first = house.left(window, 9_000_000)
        assert refused(lambda: house.left(window, 9_000_000)) is WindowReason.NOT_ABOVE_OWN
        second = house.left(window, 9_500_000)
        assert (first.status, second.status) == (OfferStatus.WITHDRAWN, OfferStatus.MADE)
        house.agency.status = InstitutionStatus.VERIFIED
        by_bob = leave(session, house.bob, window.id, price_minor=9_600_000, mandate_id=house.buying.id)
        assert (by_bob.buyer_id, second.status) == (house.buyer.id, OfferStatus.WITHDRAWN)
        reason = refused(lambda: offers.withdraw(session, house.bob, by_bob.id))
        assert reason is WindowReason.OFFER_BINDS
        offers.accept(session, house.alice, by_bob.id)
        with pytest.raises(Conflict, match="offer_binds"):
            house.left(window, 9_700_000)
        deal = offers.approve(session, house.amy, by_bob.id)
        assert deal.mandate_id == house.buying.id
        nothing_is_broken(session)


def test_who_may_not_leave_an_offer(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        window = house.opened()
        both = an_actor(session, BANK, institution=house.bank)
        with pytest.raises(NotAllowed):
            leave(session, both, window.id, price_minor=1)
        bare = lambda: leave(session, house.bob, window.id, price_minor=1)  # noqa: E731
        assert refused(bare) is WindowReason.MANDATE_NEEDED
        selling = lambda: leave(  # noqa: E731
            session, house.ben, window.id, price_minor=1, mandate_id=house.selling.id
        )
        assert refused(selling) is WindowReason.MANDATE_NEEDED
        foreign = a_mandate(session, an_institution(session, AGENCY), house.buyer)
        with pytest.raises(NotFound):
            leave(session, house.bob, window.id, price_minor=1, mandate_id=foreign.id)
        own = a_mandate(session, house.agency, house.bank, side=house.buying.side)
        circle = lambda: leave(session, house.bob, window.id, price_minor=1, mandate_id=own.id)  # noqa: E731
        assert refused(circle) is WindowReason.SELLER_MAY_NOT_OFFER
        house.buyer.status = InstitutionStatus.SUSPENDED
        session.flush()
        assert refused(lambda: house.left(window, 1)) is WindowReason.BUYER_NOT_VERIFIED
        assert session.scalars(select(Offer)).all() == []


def test_the_seller_ends_a_window_with_a_reason(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        window = house.opened()
        offer = house.left(window, 11_000_000)
        end = partial(service.turn_down, session, house.amy, window.id)
        assert refused(lambda: end(" ")) is WindowReason.REASON_MISSING
        with pytest.raises(Conflict):
            service.require_no_open_window(session, house.lot.id, clock.moment)
        end("the debtor pays")
        assert (window.status, offer.status) == (WindowStatus.CLOSED, OfferStatus.EXPIRED)
        service.require_no_open_window(session, house.lot.id, clock.moment)
        again = service.propose(session, house.alice, house.lot.id, days=7)
        service.turn_down(session, house.amy, again.id, "not now")
        assert again.status is WindowStatus.REFUSED
        with pytest.raises(Conflict):
            end("twice")
        assert queries.standing_window(session, house.lot.id) is None
        nothing_is_broken(session)


def test_a_courts_lot_has_no_window(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        house.lot.rule_pack = "cn-court"
        session.flush()
        assert refused(house.opened) is WindowReason.SOLD_IN_PUBLIC_ONLY


def test_the_invariants_find_what_is_wrong(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        window = house.opened(floor_minor=9_000_000)
        offer = house.left(window, 9_000_000)
        second = OffersWindow(
            lot_id=house.lot.id, days=1, currency="CNY", proposed_by_id=house.alice.person_id, proposed_at=AT
        )
        session.add(second)
        window.approved_by_id, window.status = window.proposed_by_id, WindowStatus.OPEN
        offer.price_minor = 1
        session.flush()
        broken = {name for name, check in invariants.CHECKS if check(session)}
        assert {
            "a window for offers is approved by a second person",
            "a lot has at most one window for offers",
            "an offer lies within its window's time and floor",
        } <= broken
        house.lot.rule_pack, window.status = "cn-court", WindowStatus.CLOSED
        session.flush()
        broken = {name for name, check in invariants.CHECKS if check(session)}
        assert {
            "no offers are taken for a lot sold in public only",
            "no offer outlives its window",
        } <= broken
        session.execute(update(Offer).values(window_id=None))
        broken = {name for name, check in invariants.CHECKS if check(session)}
        assert "an offer without an agency is left in a window" in broken


def test_every_role_of_a_buyer_that_bids_may_leave_an_offer(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        window = house.opened()
        administrator = house.person(house.buyer, Role.ADMINISTRATOR)
        with pytest.raises(NotAllowed):
            house.left(window, 1, administrator)
        assert house.left(window, 1, house.person(house.buyer, Role.OFFICER)).price_minor == 1
        with pytest.raises(NotFound):
            leave(session, house.carol, a_lot(session, house.bank).id, price_minor=1)
