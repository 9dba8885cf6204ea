"""Rights of first refusal in an auction: claimed, confirmed, used, waived by absence; never forged."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from builders import an_actor, an_institution
from priority_cast import PriorityCast
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from auctions import queries as auctions
from auctions import service
from auctions.models import Auction, Registration
from auctions.priority import invariants, queries
from auctions.priority import service as priority
from auctions.priority.models import PriorityOutcome
from auctions.priority.rules import ClaimReason, ClaimStatus, RightOutcome
from auctions.rules import Action, Outcome
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock, parse_moment
from marketplace.db import atomic
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.listings.priority import service as holders
from marketplace.listings.priority.models import PriorityHolder
from marketplace.listings.priority.rules import HolderKind, HolderStatus, PriorityReason

SCENARIO = Path(__file__).parent / "scenarios" / "court-priority-holder.json"
BUYER, OPERATOR = InstitutionKind.BUYER, InstitutionKind.OPERATOR


class House(PriorityCast):
    """A court's lot with holders told three days ago, and its auction."""

    auction: Auction

    def announced(self, clock: FixedClock, opens_at: datetime | None = None) -> Auction:
        clock.advance(days=3)
        opens = opens_at or clock.moment + timedelta(hours=1)
        self.auction = service.schedule(
            self.session, self.alice, self.lot.id, opens, opens + timedelta(hours=24)
        )
        return self.auction

    def bidder(self) -> tuple[Actor, Registration]:
        actor = an_actor(self.session, BUYER, institution=an_institution(self.session, BUYER))
        registration = service.register(self.session, actor, self.auction.id)
        service.set_deposit_held(self.session, registration.id, True)
        return actor, registration

    def claimed(self, actor: Actor) -> uuid.UUID:
        kind, proof = HolderKind.INVENTOR, "certificate 7"
        return priority.claim(self.session, actor, self.auction.id, kind=kind, proof=proof).id

    def confirmed(self, actor: Actor, holder: PriorityHolder) -> uuid.UUID:
        claim_id = self.claimed(actor)
        priority.confirm(self.session, self.amy, claim_id, holder.id)
        return claim_id

    def bid(self, actor: Actor, amount: str) -> str:
        key = uuid.uuid4().hex
        return service.place(self.session, actor, self.auction.id, Action.BID, amount, key).decision

    def closes(self, clock: FixedClock) -> None:
        clock.advance(days=2)
        while service.open_due(self.session) or service.close_due(self.session):
            pass


def refused(act: Callable[[], object]) -> object:
    with pytest.raises(Refused) as found:
        act()
    return found.value.reason


def nothing_is_broken(session: Session) -> None:
    assert [check(session) for _, check in invariants.CHECKS] == [[]] * len(invariants.CHECKS)


def test_an_auction_is_announced_when_every_holder_was_told_three_days_before(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        house = House(session)
        house.told()
        opens = clock.moment + timedelta(days=30)
        early = lambda: service.schedule(  # noqa: E731
            session, house.alice, house.lot.id, opens, opens + timedelta(days=2)
        )
        assert refused(early) is PriorityReason.NOTICE_TOO_LATE
        assert house.announced(clock).outcome is Outcome.OPEN


def test_the_scenario_of_the_court_ends_alike_through_claims(session: Session, clock: FixedClock) -> None:
    """法释〔2016〕18号 art. 21, as the shared scenario tells it, with orders that claims gave."""
    told = json.loads(SCENARIO.read_bytes())
    clock.move_to(parse_moment(told["auction"]["opens_at"]) - timedelta(days=4))
    with atomic():
        house = House(session)
        lists = {"P1": house.told("First", 1), "P2": house.told("Second", 2)}
        house.announced(clock, parse_moment(told["auction"]["opens_at"]))
        cast = {one["id"]: house.bidder() for one in told["bidders"]}
        for name, holder in lists.items():
            house.confirmed(cast[name][0], holder)
        decisions = []
        for event in told["events"]:
            clock.move_to(parse_moment(event["at"]))
            decisions.append(house.bid(cast[event["bidder"]][0], event["amount"]))
        assert decisions == told["expect"]["decisions"]
        house.closes(clock)
        auction = auctions.find_auction(session, house.auction.id)
        assert (auction.outcome, auction.leader_id) == (Outcome.SOLD, cast["P1"][1].id)
        assert auction.price_minor == 80_000_000
        outcomes = {row.holder_id: row.outcome for row in session.scalars(select(PriorityOutcome))}
        assert outcomes == {holder.id: RightOutcome.TOOK_PART for holder in lists.values()}
        nothing_is_broken(session)


def test_who_was_told_and_stays_away_has_waived(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        absent, silent = house.told("Absent"), house.told("Silent", 2)
        waived = house.holder("Waived", 3)
        holders.waive(session, house.amy, waived.id, "letter 7")
        house.announced(clock)
        carol, _ = house.bidder()
        dave, _ = house.bidder()
        house.confirmed(carol, silent)
        clock.advance(hours=2)
        house.bid(dave, "800000.00")
        house.closes(clock)
        outcomes = {row.holder_id: row.outcome for row in session.scalars(select(PriorityOutcome))}
        assert outcomes == {
            absent.id: RightOutcome.DEEMED_WAIVED,
            silent.id: RightOutcome.DEEMED_WAIVED,
            waived.id: RightOutcome.WAIVED,
        }
        assert (absent.status, silent.status) == (HolderStatus.ABSENT, HolderStatus.ABSENT)
        assert refused(lambda: house.claimed(dave)) is ClaimReason.BIDDING_HAS_BEGUN
        nothing_is_broken(session)


def test_a_second_attempt_needs_a_notice_of_its_own(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        holder = house.told()
        first = house.announced(clock)
        house.closes(clock)
        assert (first.outcome, holder.status) == (Outcome.UNSOLD, HolderStatus.ABSENT)
        again = partial(holders.require_notified, session, house.lot, since=first.closed_at)
        assert refused(again) is PriorityReason.HOLDER_NOT_NOTIFIED
        clock.advance(seconds=1)
        house.served(holder)
        assert holder.status is HolderStatus.NOTIFIED
        assert refused(again) is PriorityReason.NOTICE_TOO_LATE
        clock.advance(days=3)
        again()


def test_a_cancelled_auction_waives_nothing(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        holder = house.told()
        house.announced(clock)
        carol, _ = house.bidder()
        house.confirmed(carol, holder)
        operator = an_actor(session, OPERATOR)
        service.control(session, operator, house.auction.id, Action.CANCEL, "court order")
        assert holder.status is HolderStatus.NOTIFIED
        assert session.scalars(select(PriorityOutcome)).all() == []
        nothing_is_broken(session)


def test_nobody_gets_an_order_that_is_not_theirs(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        company = an_institution(session, BUYER)
        named = house.told("Named", 1, company.registration_number)
        free, other = house.told("Free", 2), House(session).told("Elsewhere", 1)
        unseen = house.entered("Unseen", 1)
        holders_unconfirmed = unseen.id
        clock.advance(days=3)
        holders.strike_out(session, house.alice, unseen.id, "entered by mistake")
        house.announced(clock)
        mallory, _ = house.bidder()
        claim = house.claimed(mallory)

        def confirming(holder_id: uuid.UUID, actor: Actor | None = None) -> object:
            return refused(lambda: priority.confirm(session, actor or house.amy, claim, holder_id))

        assert confirming(named.id) is ClaimReason.HOLDER_IS_ANOTHER
        assert confirming(other.id) is ClaimReason.NOT_A_HOLDER
        assert confirming(uuid.uuid4()) is ClaimReason.NOT_A_HOLDER
        assert confirming(holders_unconfirmed) is ClaimReason.RIGHT_IS_OVER
        assert confirming(free.id, house.alice) is ClaimReason.SECOND_PERSON_NEEDED
        with pytest.raises(NotFound):
            priority.confirm(session, house.mallory, claim, free.id)
        with pytest.raises(NotFound):
            priority.confirm(session, mallory, claim, free.id)
        priority.confirm(session, house.amy, claim, free.id)
        rival, _ = house.bidder()
        second = house.claimed(rival)
        reason = refused(lambda: priority.confirm(session, house.amy, second, free.id))
        assert reason is ClaimReason.HOLDER_IS_ANOTHER
        assert [row.priority_order for row in session.scalars(select(Registration))].count(2) == 1
        nothing_is_broken(session)


def test_a_claim_needs_a_registration_a_proof_and_comes_once(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        house.told()
        house.announced(clock)
        stranger = an_actor(session, BUYER, institution=an_institution(session, BUYER))
        assert refused(lambda: house.claimed(stranger)) is ClaimReason.NOT_REGISTERED
        carol, _ = house.bidder()
        kind = HolderKind.INVENTOR
        without = lambda: priority.claim(session, carol, house.auction.id, kind=kind, proof=" ")  # noqa: E731
        assert refused(without) is ClaimReason.PROOF_MISSING
        first = house.claimed(carol)
        with pytest.raises(Conflict, match="claim_made_already"):
            house.claimed(carol)
        assert refused(lambda: priority.refuse(session, house.amy, first, "")) is ClaimReason.REASON_MISSING
        priority.refuse(session, house.amy, first, "the certificate names somebody else")
        house.claimed(carol)


def test_a_confirmation_may_be_taken_back_until_bidding_opens(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        holder = house.told()
        house.announced(clock)
        carol, registration = house.bidder()
        claim = house.confirmed(carol, holder)
        operator = an_actor(session, OPERATOR)
        assert registration.priority_order == 1
        with pytest.raises(Conflict, match="takes_part_already"):
            house.served(holder)
        priority.refuse(session, operator, claim, "forged certificate")
        assert registration.priority_order is None
        assert holder.status is HolderStatus.NOTIFIED
        assert queries.find_claim(session, claim).status is ClaimStatus.REFUSED
        again = house.confirmed
        with pytest.raises(Conflict):
            priority.refuse(session, operator, claim, "twice")
        second = again(carol, holder)
        clock.advance(hours=2)
        late = lambda: priority.refuse(session, operator, second, "too late")  # noqa: E731
        assert refused(late) is ClaimReason.BIDDING_HAS_BEGUN


def test_a_holder_entered_after_the_announcement_is_told_before_it_is_confirmed(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        house = House(session)
        house.announced(clock)
        carol, registration = house.bidder()
        claim, holder = house.claimed(carol), house.holder()
        confirming = partial(priority.confirm, session, house.amy, claim, holder.id)
        assert refused(confirming) is ClaimReason.NOT_NOTIFIED
        house.served(holder)
        confirming()
        assert registration.priority_order == 1


def test_the_invariants_find_a_forged_order(session: Session, clock: FixedClock) -> None:
    with atomic():
        house = House(session)
        holder = house.told()
        house.announced(clock)
        carol, _ = house.bidder()
        _, forged = house.bidder()
        house.confirmed(carol, holder)
        forged.priority_order = 1
        session.flush()
        assert invariants.orders_nobody_confirmed(session) == [
            f"registration {forged.id} has an order without its holder"
        ]
        session.execute(update(Registration).values(priority_order=None))
        holder.status = HolderStatus.WAIVED
        house.auction.outcome = Outcome.SOLD
        session.flush()
        assert invariants.confirmed_without_order(session)
        assert invariants.ends_not_recorded(session)
        house.auction.outcome = Outcome.OPEN
        session.flush()
        assert invariants.bidding_without_a_right(session)
