"""Releases, questions, reads with two persons, and open data, against both databases."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from builders import a_person, an_institution
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.parties.models import Institution
from transactions.disclosure import invariants, queries
from transactions.disclosure.models import (
    BlockMember,
    DisclosureQuestion,
    ExactRead,
    PoolAdmission,
    StatisticsCell,
    StatisticsRelease,
)
from transactions.disclosure.readers import reader_of, reader_of_institution
from transactions.disclosure.rules import Reader, ReaderKind, shown
from transactions.disclosure.rules.differencing import QUESTIONS_A_DAY
from transactions.disclosure.rules.reasons import Reason
from transactions.disclosure.rules.words import Decision, Purpose
from transactions.disclosure.service import asking, noting, releasing, requesting
from transactions.disclosure.statistics import tables
from transactions.disclosure.uses import uses_of
from transactions.models import TransactionRecord
from transactions.rules.words import ConsentTier

from .disclosure_market import PARENTS, record, sales

STRANGER = Reader(ReaderKind.OWN, frozenset({"elsewhere"}), frozenset({"f" * 32}))


def actor_of(session: Session, institution: Institution, name: str) -> Actor:
    person = a_person(session, institution, name)
    return Actor(
        person.id, institution.id, institution.kind, frozenset({Role.OFFICER, Role.APPROVER}), verified=True
    )


def check() -> list[str]:
    with atomic() as session:
        return [problem for _, question in invariants.CHECKS for problem in question(session)]


def test_a_release_tells_of_blocks_and_stands_until_the_next_month(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    with atomic() as writing:
        assert not releasing.release_due(writing)
        record(writing, [*sales(ConsentTier.POOL), *sales(ConsentTier.PRICE_ONLY, field=7, months=2)])
        assert releasing.release_due(writing)
        assert not releasing.release_due(writing)
    by_year = tables(session, "year")
    assert by_year is not None
    assert {cell.key["year"]: cell.offered for cell in by_year.counts}["2024"] == 36 + 6
    (all_,) = tables(session, "all").prices  # type: ignore[union-attr]
    assert all_.coarse
    assert all_.median_minor == 1_500_000
    admitted = session.scalar(select(func.count()).select_from(PoolAdmission))
    assert admitted
    assert check() == []
    # Nothing moves while the release stands, whoever adds what.
    before = [dict(cell.figures) for cell in session.scalars(select(StatisticsCell))]
    with atomic() as writing:
        record(writing, sales(ConsentTier.POOL, field=7, start=500))
        assert not releasing.release_due(writing)
    assert [dict(cell.figures) for cell in session.scalars(select(StatisticsCell))] == before
    # In the next month what was told stays in its blocks, and nothing is in two.
    members = set(session.scalars(select(BlockMember.record_id)))
    clock.advance(days=31)
    with atomic() as writing:
        assert releasing.release_due(writing)
    assert members < set(session.scalars(select(BlockMember.record_id)))
    assert session.scalar(select(func.max(StatisticsRelease.number))) == 2
    assert check() == []


def test_sales_of_four_groups_or_of_one_large_one_are_told_of_nowhere(app: Flask, session: Session) -> None:
    few = [
        replace(one, seller_parent=PARENTS[number % 4]) for number, one in enumerate(sales(ConsentTier.POOL))
    ]
    large = [
        replace(
            one, price_minor=10**9 if one.price_minor and one.seller_parent == PARENTS[0] else one.price_minor
        )
        for one in sales(ConsentTier.POOL, field=9, start=100)
    ]
    with atomic() as writing:
        record(writing, few + large)
        releasing.release(writing)
    by_field = tables(session, "field")
    assert by_field is not None
    assert {cell.key["field"] for cell in by_field.counts} == {"9"}
    assert by_field.prices == ()
    assert tables(session, "all").prices == ()  # type: ignore[union-attr]


def test_who_may_list_a_record_is_the_same_in_sql_and_in_the_rules(app: Flask, session: Session) -> None:
    """The twins agree on every record, every reader and day; pooled ones only where they are admitted."""
    with atomic() as writing:
        found = [one for tier in ConsentTier for one in sales(tier, months=6, field=len(tier))]
        found[0::7] = [replace(one, release_on=date(2026, 9, 1)) for one in found[0::7]]
        found[1::9] = [replace(one, source_marketplace="another") for one in found[1::9]]
        record(writing, found)
        releasing.release(writing)
    records = session.scalars(select(TransactionRecord)).all()
    admitted = set(session.scalars(select(PoolAdmission.record_id)))
    own = Reader(ReaderKind.OWN, frozenset({"elsewhere"}), frozenset(PARENTS[:2]))
    for reader in (
        Reader(),
        STRANGER,
        own,
        Reader(ReaderKind.REGULATOR),
        replace(own, kind=ReaderKind.CONTRIBUTOR),
    ):
        for on in (date(2024, 6, 1), date(2025, 3, 3), date(2026, 11, 22)):
            listed = set(session.scalars(select(TransactionRecord.id).where(queries.visible_to(reader, on))))
            assert listed == {one.id for one in records if shown(one.facts(), reader, on)}
            compared = set(
                session.scalars(select(TransactionRecord.id).where(queries.comparable_to(reader, on)))
            )
            assert compared == {
                one.id for one in records if shown(one.facts(), reader, on, admitted=one.id in admitted)
            }
    priced = queries.visible_to(STRANGER, date(2026, 11, 22), asked=("filed_on",))
    tiers = set(session.scalars(select(TransactionRecord.consent_tier).where(priced)))
    assert tiers == {ConsentTier.PUBLIC}
    model = select(TransactionRecord.consent_tier).where(queries.for_model(date(2026, 11, 22)))
    assert set(session.scalars(model)) == {ConsentTier.PUBLIC, ConsentTier.PRICE_ONLY, ConsentTier.POOL}


def test_a_question_has_fixed_steps_a_budget_and_an_earlier_answer(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    public = list(sales(ConsentTier.PUBLIC, months=3, field=6))
    lone = replace(public[0], source_id="lone", technology_field=8, technology_fields=(8,))
    with atomic() as writing:
        bank = actor_of(writing, an_institution(writing, InstitutionKind.BANK), "Alice")
        with pytest.raises(Refused) as refused:
            asking.ask(writing, bank, {})
        assert refused.value.reason is Reason.NOTHING_RELEASED
        record(writing, [*public, lone, *sales(ConsentTier.POOL, field=7)])
        releasing.release(writing)
    with atomic() as writing:
        first = asking.ask(writing, bank, {"field": ["6"]})
        # One sale more: the same answer again.
        again = asking.ask(writing, bank, {"field": ["6", "8"]})
        assert (first["offered"], again["offered"]) == (9, 9)
        more = asking.ask(writing, bank, {"field": ["6", "7", "8"], "currency": ["CNY"]})
        assert more["prices"] > 9
        assert "offered" not in more
        for wrong in ({"price": ["1"]}, {"year": ["2024-01"]}, {"field": ["36"]}):
            with pytest.raises(Refused) as refused:
                asking.ask(writing, bank, wrong)
            assert refused.value.reason is Reason.NO_SUCH_STEP
        assert asking.left_today(writing, bank) == QUESTIONS_A_DAY - 3
        for _ in range(QUESTIONS_A_DAY - 3):
            noted = select(DisclosureQuestion).limit(1)
            row = writing.scalars(noted).one()
            writing.add(
                DisclosureQuestion(
                    asked_by=row.asked_by,
                    asked_on=row.asked_on,
                    asked_at=row.asked_at,
                    release_number=row.release_number,
                    question={},
                    members=[],
                    answer={},
                )
            )
        with pytest.raises(Refused) as refused:
            asking.ask(writing, bank, {})
        assert refused.value.reason is Reason.BUDGET_SPENT
    clock.advance(days=1)
    with atomic() as writing:
        assert asking.ask(writing, bank, {})["offered"] == 10 + 60


def test_reading_exactly_takes_two_persons_a_reason_and_is_noted(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    with atomic() as writing:
        regulator = an_institution(writing, InstitutionKind.REGULATOR)
        first, second = (actor_of(writing, regulator, name) for name in ("Rita", "Ralph"))
        other = actor_of(writing, an_institution(writing, InstitutionKind.OPERATOR), "Olga")
        bank = actor_of(writing, an_institution(writing, InstitutionKind.BANK), "Mallory")
        sealed = record(writing, [next(sales(ConsentTier.SEALED))])[0]
    with atomic() as writing:
        for actor, reason, error in ((first, " ", Refused), (bank, "curious", NotAllowed)):
            with pytest.raises(error):
                requesting.request_read(writing, actor, sealed.id, reason)
        with pytest.raises(NotFound):
            requesting.request_read(writing, first, uuid.uuid4(), "case 7")
        asked = requesting.request_read(writing, first, sealed.id, "case 7")
        with pytest.raises(Refused):
            requesting.read(writing, first, asked.id)
        with pytest.raises(Refused) as refused:
            requesting.decide(writing, first, asked.id, approve=True)
        assert refused.value.reason is Reason.SAME_PERSON
        with pytest.raises(NotFound):
            requesting.decide(writing, other, asked.id, approve=True)
        assert requesting.decide(writing, second, asked.id, approve=True).decision is Decision.APPROVED
        with pytest.raises(Conflict):
            requesting.decide(writing, second, asked.id, approve=False)
        assert requesting.read(writing, first, asked.id).price_minor == sealed.price_minor
    noted = session.scalars(select(ExactRead)).one()
    assert (noted.purpose, noted.record_id, noted.request_id) == (Purpose.SUPERVISION, sealed.id, asked.id)
    owner = Reader(ReaderKind.OWN, frozenset({"elsewhere"}), frozenset({sealed.seller_parent}))
    (use,) = uses_of(session, owner)
    assert (use.kind, use.purpose, use.reads) == (ReaderKind.REGULATOR, Purpose.SUPERVISION, 1)
    assert uses_of(session, STRANGER) == []
    clock.advance(days=1)
    with atomic() as writing, pytest.raises(Refused):
        requesting.read(writing, first, asked.id)


def test_a_program_that_reads_many_is_noted_by_owner(app: Flask, session: Session) -> None:
    by = noting.By("fitting", ReaderKind.OPERATOR)
    with atomic() as writing:
        owners = [("elsewhere", PARENTS[0])] * 3 + [("elsewhere", PARENTS[1])]
        assert noting.note_many(writing, by, Purpose.MODEL, owners) == 2
        public = record(writing, [next(sales(ConsentTier.PUBLIC))])[0]
        assert noting.note(writing, by, Purpose.MODEL, [(public.id, public.facts())]) == 0
        record(writing, sales(ConsentTier.POOL, months=1))
        noting.note_program(writing, "price model", Purpose.MODEL, date(2026, 3, 2))
    owner = Reader(ReaderKind.OWN, frozenset({"elsewhere"}), frozenset({PARENTS[0]}))
    assert {(use.read_by, use.reads) for use in uses_of(session, owner)} == {
        ("fitting", 3),
        ("price model", 1),
    }


def test_who_a_signed_in_person_reads_as(app: Flask, session: Session) -> None:
    with atomic() as writing:
        bank = an_institution(writing, InstitutionKind.BANK)
        regulator = an_institution(writing, InstitutionKind.REGULATOR)
        alice, rita = actor_of(writing, bank, "Alice"), actor_of(writing, regulator, "Rita")
        bank.parent_country, bank.parent_number = "CN", "of a competitor"
    assert reader_of(session, None) == reader_of(session, replace(alice, verified=False)) == Reader()
    reader = reader_of(session, alice)
    assert (reader.kind, reader.marketplaces) == (ReaderKind.OWN, frozenset({"luochui-test"}))
    (token,) = reader.seller_parents
    assert len(token) == 32
    assert reader_of(session, rita) == Reader(ReaderKind.REGULATOR, frozenset({"luochui-test"}))
    assert reader_of_institution(session, uuid.uuid4()) == Reader()
    # What it declares as its parent opens nothing: the token is of its own verified number.
    with atomic() as writing:
        writing.get_one(Institution, bank.id).parent_number = ""
    assert reader_of(session, alice).seller_parents == {token}
