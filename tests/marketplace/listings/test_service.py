"""A lot from draft to market: four eyes, a sealed content, limits with their article, one bank only."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_lot, a_person, a_right, actor_for, an_actor, an_institution
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings import queries, service
from marketplace.listings.models import DefaultCase, Lot
from marketplace.listings.rules import ListingReason, LotStatus, PriceBasis
from marketplace.listings.terms import LotTerms, TermsReason
from marketplace.parties.models import Institution
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from marketplace.rule_packs.limits import LimitReason
from marketplace.status import StatusReason

TERMS: dict[str, Any] = {
    "reference": "L-1",
    "title": "Winding",
    "reference_price_minor": 15_000_000,
    "reference_price_basis": PriceBasis.APPRAISAL,
    "start_price_minor": 10_000_000,
    "reserve_minor": 12_345_678,
    "deposit_minor": 1_000_000,
    "increment_minor": 100_000,
    "opens_at": datetime(2026, 4, 20, 2, 0, tzinfo=UTC),
    "closes_at": datetime(2026, 4, 22, 2, 0, tzinfo=UTC),
}


class House:
    """A bank with Alice (officer), Amy (approver) and Ann (both)."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.bank: Institution = an_institution(session, InstitutionKind.BANK)
        self.alice = self.person("Alice", {Role.OFFICER})
        self.amy = self.person("Amy", {Role.APPROVER})
        self.ann = self.person("Ann", {Role.OFFICER, Role.APPROVER})
        self.right = a_right(session, self.bank)

    def person(self, name: str, roles: set[Role]) -> Actor:
        return actor_for(a_person(self.session, self.bank, name, frozenset(roles)), self.bank)

    def draft(self, **changes: Any) -> Lot:
        terms = LotTerms(**TERMS | changes)
        return service.draft(self.session, self.alice, terms, right_ids=[self.right.id])


def test_drafted_submitted_approved_by_a_second_person_and_published(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        house = House(session)
        lot = house.draft()
        assert (lot.status, lot.rule_pack, bool(lot.rule_pack_version)) == (
            LotStatus.DRAFTED,
            "cn-bank",
            True,
        )
        clock.advance(hours=1)
        service.submit(session, house.alice, lot.id)
        assert len(lot.content_hash) == 64
        service.approve(session, house.amy, lot.id, seen_hash=lot.content_hash)
        clock.advance(hours=1)
        service.publish(session, house.alice, lot.id)
    assert lot.status is LotStatus.PUBLISHED
    assert lot.published_at == lot.changed_at == clock()
    assert (lot.maker_id, lot.checker_id) == (house.alice.person_id, house.amy.person_id)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == lot.id)).all()
    assert set(acts) == {"listings.draft", "listings.submit", "listings.approve", "listings.publish"}


def test_nobody_approves_what_they_submitted(session: Session) -> None:
    with atomic():
        house = House(session)
        lot = house.draft()
        service.submit(session, house.ann, lot.id)
        with pytest.raises(Refused, match=ListingReason.MAKER_IS_CHECKER):
            service.approve(session, house.ann, lot.id, seen_hash=lot.content_hash)
        with pytest.raises(NotAllowed):
            service.approve(session, house.alice, lot.id, seen_hash=lot.content_hash)


def test_what_is_approved_is_what_was_seen_and_what_is_published_what_was_approved(session: Session) -> None:
    with atomic():
        house = House(session)
        lot = house.draft()
        service.submit(session, house.alice, lot.id)
        with pytest.raises(Conflict, match=ListingReason.CONTENT_CHANGED):
            service.approve(session, house.amy, lot.id, seen_hash="0" * 64)
        service.approve(session, house.amy, lot.id, seen_hash=lot.content_hash)
        house.right.encumbrances.append(
            Encumbrance(kind=EncumbranceKind.SEIZURE, holder="Court", currency="CNY", rank=1)
        )
        session.flush()
        with pytest.raises(Conflict, match=ListingReason.CONTENT_CHANGED):
            service.publish(session, house.amy, lot.id)


def test_editing_takes_an_approved_lot_back_to_draft(session: Session) -> None:
    with atomic():
        house = House(session)
        lot = house.draft()
        service.submit(session, house.alice, lot.id)
        service.approve(session, house.amy, lot.id, seen_hash=lot.content_hash)
        terms = LotTerms(**TERMS | {"start_price_minor": 11_000_000})
        service.edit(session, house.alice, lot.id, terms, right_ids=[house.right.id])
        assert (lot.status, lot.checker_id, lot.content_hash) == (LotStatus.DRAFTED, None, "")
        service.edit(session, house.alice, lot.id, LotTerms(**TERMS), right_ids=[house.right.id])
        assert lot.start_price_minor == 10_000_000


def test_a_lot_is_sent_back_with_a_reason(session: Session) -> None:
    with atomic():
        house = House(session)
        lot = house.draft()
        with pytest.raises(Conflict, match=StatusReason.MOVE_NOT_ALLOWED):
            service.send_back(session, house.amy, lot.id, reason="Too low")
        service.submit(session, house.alice, lot.id)
        with pytest.raises(Refused, match=ListingReason.REASON_NEEDED):
            service.send_back(session, house.amy, lot.id, reason=" ")
        service.send_back(session, house.amy, lot.id, reason="Too low")
    assert lot.status is LotStatus.DRAFTED


@pytest.mark.parametrize("missing", ["start_price_minor", "opens_at", "closes_at", "increment_minor"])
def test_a_draft_may_be_incomplete_but_not_what_is_submitted(session: Session, missing: str) -> None:
    with atomic():
        house = House(session)
        lot = house.draft(**{missing: None})
        with pytest.raises(Refused, match=TermsReason.NEEDED_TO_SUBMIT) as refused:
            service.submit(session, house.alice, lot.id)
    assert refused.value.field == missing


def test_limits_are_checked_with_their_article_at_draft_and_the_notice_at_submission(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        house = House(session)
        court = {"rule_pack": "cn-court", "reserve_minor": None, "start_price_minor": 10_499_999}
        with pytest.raises(Refused, match=LimitReason.START_PRICE_BELOW_FLOOR) as refused:
            house.draft(**court)
        assert refused.value.field == "start_price_minor"
        assert refused.value.details["article"] == "法释〔2016〕18号 art. 10"
        assert refused.value.details["limit"] == "105000.00 CNY"
        lot = house.draft()
        service.submit(session, house.alice, lot.id)
        clock.move_to(datetime(2026, 4, 13, 2, 0, 1, tzinfo=UTC))
        with pytest.raises(Refused, match=LimitReason.NOTICE_TOO_SHORT):
            service.approve(session, house.amy, lot.id, seen_hash=lot.content_hash)
        clock.move_to(datetime(2026, 4, 20, 2, 0, tzinfo=UTC))
        with pytest.raises(Refused, match=TermsReason.OPENS_IN_THE_PAST):
            service.approve(session, house.amy, lot.id, seen_hash=lot.content_hash)


def test_a_right_is_in_one_lot_only_until_that_is_withdrawn(session: Session) -> None:
    with atomic():
        house = House(session)
        first = house.draft()
        with pytest.raises(Refused, match=ListingReason.REFERENCE_TAKEN):
            house.draft()
        with pytest.raises(Refused, match=ListingReason.RIGHT_IN_ANOTHER_LOT) as refused:
            house.draft(reference="L-2")
        assert refused.value.details == {"number": house.right.number, "reference": "L-1"}
        with pytest.raises(Refused, match=ListingReason.REASON_NEEDED):
            service.withdraw(session, house.alice, first.id, reason="")
        service.withdraw(session, house.alice, first.id, reason="The borrower paid")
        second = house.draft(reference="L-2")
    assert (first.status, second.status) == (LotStatus.WITHDRAWN, LotStatus.DRAFTED)


def test_a_lot_that_is_being_sold_stays(session: Session) -> None:
    with atomic():
        house = House(session)
        lot = a_lot(session, house.bank)
        service.reserve(session, lot)
        service.reserve(session, lot)
        with pytest.raises(Conflict, match=ListingReason.SALE_RUNNING):
            service.withdraw(session, house.alice, lot.id, reason="Changed our mind")
        with pytest.raises(Conflict, match=StatusReason.MOVE_NOT_ALLOWED):
            service.edit(session, house.alice, lot.id, LotTerms(**TERMS), right_ids=[house.right.id])
        service.release(session, lot, sold=None)
        service.release(session, lot, sold=None)
        with pytest.raises(Conflict, match=StatusReason.MOVE_NOT_ALLOWED):
            service.release(session, lot, sold=True)


def test_all_amounts_of_a_lot_are_in_one_currency(session: Session) -> None:
    with atomic():
        house = House(session)
        case = DefaultCase(
            institution_id=house.bank.id,
            reference="LOAN",
            debtor="X",
            pledgor="Y",
            currency="USD",
            opened_at=house.right.imported_at,
        )
        session.add(case)
        session.flush()
        with pytest.raises(Refused, match=ListingReason.CURRENCY_DIFFERS):
            service.draft(
                session, house.alice, LotTerms(**TERMS), right_ids=[house.right.id], case_id=case.id
            )
        dollars = LotTerms(**TERMS | {"currency": "USD"})
        lot = service.draft(session, house.alice, dollars, right_ids=[house.right.id], case_id=case.id)
        mallory = an_actor(session, InstitutionKind.BANK)
        with pytest.raises(NotFound):
            queries.own_case(session, mallory.institution_id, case.id)
    assert lot.default_case_id == case.id


def test_another_bank_finds_nothing(session: Session) -> None:
    with atomic():
        house = House(session)
        lot = house.draft()
        mallory = an_actor(session, InstitutionKind.BANK)
        acts: list[Any] = [
            lambda lot_id: service.submit(session, mallory, lot_id),
            lambda lot_id: service.approve(session, mallory, lot_id, seen_hash=""),
            lambda lot_id: service.publish(session, mallory, lot_id),
            lambda lot_id: service.send_back(session, mallory, lot_id, reason="x"),
            lambda lot_id: service.withdraw(session, mallory, lot_id, reason="x"),
            lambda lot_id: service.edit(session, mallory, lot_id, LotTerms(**TERMS), right_ids=[]),
        ]
        for act in acts:
            for lot_id in (lot.id, uuid.uuid4()):
                with pytest.raises(NotFound):
                    act(lot_id)
        with pytest.raises(NotFound):
            service.draft(session, mallory, LotTerms(**TERMS), right_ids=[house.right.id])
        buyer = an_actor(session, InstitutionKind.BUYER)
        with pytest.raises(NotAllowed):
            service.draft(session, buyer, LotTerms(**TERMS), right_ids=[])
