"""Holders of a right of first refusal on the lot's list, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from builders import a_right, an_institution
from priority_cast import PriorityCast
from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings import invariants
from marketplace.listings import service as listings
from marketplace.listings.content import content_hash
from marketplace.listings.priority import queries, service
from marketplace.listings.priority.models import NoticeOfSale
from marketplace.listings.priority.rules import HolderKind, HolderStatus, PriorityReason, ServiceMethod
from marketplace.listings.rules import LotStatus
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind


def refused(act: Callable[[], object]) -> object:
    with pytest.raises(Refused) as found:
        act()
    return found.value.reason


def ready_to_publish(cast: PriorityCast, clock: FixedClock) -> None:
    """The lot as Amy has approved it, to open in sixty days."""
    lot = cast.lot
    lot.status, lot.published_at = LotStatus.APPROVED, None
    lot.opens_at = clock.moment + timedelta(days=60)
    lot.closes_at = lot.opens_at + timedelta(days=1)
    lot.maker_id, lot.checker_id = cast.alice.person_id, cast.amy.person_id
    cast.session.flush()
    lot.content_hash = content_hash(lot)
    cast.session.flush()


def test_a_lot_is_published_when_every_holder_was_told_three_days_before(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        cast = PriorityCast(session)
        ready_to_publish(cast, clock)
        entry = cast.entered()
        publish = partial(listings.publish, session, cast.alice, cast.lot.id)
        assert refused(publish) is PriorityReason.HOLDER_NOT_CONFIRMED
        service.confirm_holder(session, cast.amy, entry.id)
        assert refused(publish) is PriorityReason.HOLDER_NOT_NOTIFIED
        cast.served(entry)
        assert refused(publish) is PriorityReason.NOTICE_TOO_LATE
        clock.advance(days=3)
        assert publish().status is LotStatus.PUBLISHED
        assert [check(session) for _, check in invariants.CHECKS] == [[]] * len(invariants.CHECKS)


def test_a_public_notice_begins_when_the_second_person_lets_it_appear(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        cast = PriorityCast(session)
        ready_to_publish(cast, clock)
        holder = cast.holder()
        given = service.Service(
            how=ServiceMethod.PUBLIC, at=clock.moment, public_text="A patent is sold", unreachable="moved"
        )
        notice = service.serve(session, cast.alice, holder.id, given)
        clock.advance(days=20)
        assert queries.public_notices(1).items == []
        publish = partial(listings.publish, session, cast.alice, cast.lot.id)
        assert refused(publish) is PriorityReason.NOTICE_NOT_CONFIRMED
        service.confirm_notice(session, cast.amy, notice.id)
        assert [found.id for found in queries.public_notices(1).items] == [notice.id]
        assert refused(publish) is PriorityReason.NOTICE_NOT_IN_EFFECT
        clock.advance(days=5)
        assert refused(publish) is PriorityReason.NOTICE_TOO_LATE
        clock.advance(days=3)
        assert publish().status is LotStatus.PUBLISHED


def test_one_person_alone_neither_enters_nor_serves_nor_waives(session: Session, clock: FixedClock) -> None:
    with atomic():
        cast = PriorityCast(session)
        both = cast.alice.__class__(
            **{
                name: getattr(cast.alice, name)
                for name in ("person_id", "institution_id", "kind", "verified")
            },
            roles=cast.alice.roles | cast.amy.roles,
        )
        entry = cast.entered()
        alone = PriorityReason.SECOND_PERSON_NEEDED
        assert refused(lambda: service.confirm_holder(session, both, entry.id)) is alone
        assert refused(lambda: service.waive(session, both, entry.id, "letter 7")) is alone
        service.confirm_holder(session, cast.amy, entry.id)
        assert refused(lambda: service.strike_out(session, both, entry.id, "not so")) is alone
        given = service.Service(how=ServiceMethod.POST, at=clock.moment, document="EMS 1")
        notice = service.serve(session, both, entry.id, given)
        assert refused(lambda: service.confirm_notice(session, both, notice.id)) is alone
        with pytest.raises(NotAllowed):
            service.confirm_holder(session, cast.alice, entry.id)


def test_under_the_open_pack_one_person_is_enough(session: Session, clock: FixedClock) -> None:
    with atomic():
        cast = PriorityCast(session, rule_pack="open", status=LotStatus.DRAFTED)
        entry = cast.entered()
        given = service.Service(how=ServiceMethod.IN_PERSON, at=clock.moment, document="receipt 7")
        service.serve(session, cast.alice, entry.id, given)
        assert service.problems_of(session, cast.lot) == []


def test_another_bank_sees_and_changes_nothing(session: Session, clock: FixedClock) -> None:
    with atomic():
        cast = PriorityCast(session)
        entry = cast.entered()
        given = service.Service(how=ServiceMethod.POST, at=clock.moment, document="EMS 1")
        notice = service.serve(session, cast.alice, entry.id, given)
        mallory = cast.mallory
        for act in (
            lambda: service.confirm_holder(session, mallory, entry.id),
            lambda: service.serve(session, mallory, entry.id, given),
            lambda: service.confirm_notice(session, mallory, notice.id),
            lambda: service.waive(session, mallory, entry.id, "letter 7"),
            lambda: service.strike_out(session, mallory, entry.id, "not so"),
        ):
            with pytest.raises(NotFound):
                act()


def test_a_written_waiver_ends_the_right_for_the_lot(session: Session, clock: FixedClock) -> None:
    with atomic():
        cast = PriorityCast(session)
        holder = cast.holder()
        unconfirmed = cast.entered("Not yet confirmed")
        assert queries.count_kinds(session, cast.lot.id) == {HolderKind.INVENTOR: 1}
        assert (
            refused(lambda: service.waive(session, cast.amy, holder.id, " ")) is PriorityReason.PROOF_MISSING
        )
        service.waive(session, cast.amy, holder.id, "letter of 2026-02-27")
        service.strike_out(session, cast.alice, unconfirmed.id, "a slip")
        assert service.problems_of(session, cast.lot) == []
        with pytest.raises(Conflict):
            cast.served(holder)
        assert queries.count_kinds(session, cast.lot.id) == {}
        entries = [row for row in session.query(audit.AuditEntry) if row.subject_id == cast.lot.id]
        assert "listings.waive_priority" in {row.act for row in entries}


def test_a_registered_holder_hears_of_the_sale_on_the_platform(session: Session, clock: FixedClock) -> None:
    with atomic():
        cast = PriorityCast(session)
        company = an_institution(session, InstitutionKind.BUYER)
        assert refused(lambda: cast.entered(number="NOBODY")) is PriorityReason.INSTITUTION_UNKNOWN
        cast.told(number=company.registration_number)
        told = session.query(Notice).filter_by(institution_id=company.id).one()
        assert told.kind is NoticeKind.PRIORITY_NOTICE
        assert [one.lot_id for one in queries.held_by(session, company.id)] == [cast.lot.id]
        assert queries.held_by(session, cast.mallory.institution_id) == []


def test_the_file_names_co_owners_and_licensees_once(session: Session, clock: FixedClock) -> None:
    with atomic():
        cast = PriorityCast(session)
        owned = a_right(session, cast.bank, applicant="Taishan Motors; Qilu University")
        licence = Encumbrance(kind=EncumbranceKind.LICENCE, holder="Weifang Tools", rank=1, currency="CNY")
        owned.encumbrances.append(licence)
        cast.lot.rights = [owned]
        session.flush()
        found = queries.suggestions(cast.lot, [])
        assert [(one.kind, one.name, one.basis) for one in found] == [
            (HolderKind.CO_OWNER, "Taishan Motors", "民法典 art. 860"),
            (HolderKind.CO_OWNER, "Qilu University", "民法典 art. 860"),
            (HolderKind.LICENSEE, "Weifang Tools", ""),
        ]


def test_the_list_of_a_lot_that_is_over_stays_as_it_is(session: Session, clock: FixedClock) -> None:
    with atomic():
        cast = PriorityCast(session, status=LotStatus.SOLD)
        assert refused(cast.entered) is PriorityReason.LOT_IS_OVER


def test_the_invariants_find_a_confirmation_by_the_maker(session: Session, clock: FixedClock) -> None:
    with atomic():
        cast = PriorityCast(session)
        holder = cast.told()
        session.execute(update(NoticeOfSale).values(confirmed_by_id=cast.alice.person_id))
        holder.confirmed_by_id, holder.status = cast.alice.person_id, HolderStatus.WAIVED
        session.flush()
        broken = {name: check(session) for name, check in invariants.CHECKS}
        assert len(broken["holders and notices of sale are confirmed by a second person"]) == 2
        assert broken["a written waiver has its document"]
        session.query(NoticeOfSale).delete()
        holder.status = HolderStatus.NOTIFIED
        session.flush()
        session.expire_all()
        broken = {name: check(session) for name, check in invariants.CHECKS}
        assert broken["whoever counts as notified has a notice that counts"]
