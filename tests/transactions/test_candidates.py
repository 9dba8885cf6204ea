"""The candidates of a comparison, out of both kinds of database, as far as the reader may see them."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.db import atomic
from transactions import candidates, service
from transactions.comparables.strata import Kind, Stop
from transactions.comparables.values import Rejection, Subject
from transactions.disclosure.models import PoolAdmission
from transactions.disclosure.rules import ANYBODY, Reader, ReaderKind
from transactions.models import TransactionRecord
from transactions.rules.facts import SaleFacts
from transactions.rules.words import (
    AssetType,
    Channel,
    ConsentTier,
    DatePrecision,
    RightSold,
    SaleOutcome,
)
from transactions.valuing import value_subject

from .sale_builders import a_sale_of

ON = date(2026, 3, 2)
SUBJECT = Subject(
    asset_type=AssetType.INVENTION,
    technology_field=13,
    number_of_rights=1,
    remaining_life_months=120,
    channel=Channel.AUCTION_ENGLISH,
    forced=False,
    on=ON,
    currency="CNY",
    country="CN",
)
BANK = Reader(ReaderKind.OWN, frozenset({"elsewhere"}), frozenset({"a" * 32}))


def record(*sales: SaleFacts) -> list[TransactionRecord]:
    with atomic() as session:
        return service.append(session, sales)


def near(number: int, **changes: Any) -> SaleFacts:
    """A sale of the subject's type, field and office."""
    day = ON - timedelta(days=100 + number)
    return a_sale_of(f"near-{number}", **{"sold_on": day, "technology_field": 13, "country": "CN"} | changes)


def test_the_strata_are_searched_in_their_order_and_each_record_is_found_once(session: Session) -> None:
    record(
        near(1),
        near(2, asset_type=AssetType.DESIGN),
        near(3, technology_field=9),
        near(4, technology_field=None),
        near(5, asset_type=AssetType.PATENT, technology_field=1),
        near(6, asset_type=AssetType.TRADEMARK, technology_field=None),
        near(7, sold_on=ON + timedelta(days=1)),
        near(8, sold_on=date(2001, 1, 1)),
        near(9, country=""),
    )
    found = candidates.find(session, SUBJECT, ANYBODY)
    assert [row.source_id for row in found.rows] == [
        "near-1",
        "near-9",
        "near-2",
        "near-3",
        "near-4",
        "near-5",
    ]
    assert [(one.kind, one.looked_at, one.read, one.sold) for one in found.search.strata] == [
        (Kind.SAME_FIELD, 2, 2, 2),
        (Kind.SAME_FIELD_OTHER_TYPE, 1, 1, 1),
        (Kind.SAME_SECTOR, 1, 1, 1),
        (Kind.SAME_TYPE, 1, 1, 1),
        (Kind.OTHER_TYPE, 1, 1, 1),
        (Kind.SAME_OFFICE, 5, 0, 0),
    ]
    assert found.search.stop is Stop.EVERYTHING
    assert value_subject(session, SUBJECT, without={"near-1"}).comparison.sold == 5


def test_the_search_ends_where_there_are_enough_and_says_what_it_passed_over(session: Session) -> None:
    passed_over: dict[Rejection, dict[str, Any]] = {
        Rejection.WITHDRAWN: {"outcome": SaleOutcome.WITHDRAWN, "price_minor": None},
        Rejection.UNDONE: {"outcome": SaleOutcome.REVERSED},
        Rejection.EXCLUDED: {"usable": False, "exclusion_reason": "a doubt"},
        Rejection.LICENCE: {"right_sold": RightSold.LICENCE},
        Rejection.NOT_ARMS_LENGTH: {"arms_length": False},
        Rejection.NO_SIZE: {"number_of_rights": None},
        Rejection.OTHER_OFFICE: {"country": "US"},
        Rejection.NO_DATE: {"sold_on": None, "date_precision": DatePrecision.UNKNOWN},
    }
    record(
        *(near(number) for number in range(61)),
        *(near(number, **changes) for number, changes in enumerate(passed_over.values(), start=70)),
        near(90, technology_field=9),
    )
    found = candidates.find(session, SUBJECT, ANYBODY)
    assert [(one.kind, one.looked_at, one.read) for one in found.search.strata] == [(Kind.SAME_FIELD, 68, 61)]
    assert found.search.stop is Stop.ENOUGH
    assert found.search.left_out == dict.fromkeys(passed_over, 1)
    assert [row.source_id for row in found.rows[:2]] == ["near-0", "near-1"]


def test_only_what_the_reader_may_learn_from_is_looked_at(session: Session) -> None:
    sealed, pooled, own, fresh, later, _exact = record(
        near(1, consent_tier=ConsentTier.SEALED, seller_parent="b" * 32),
        near(
            2,
            consent_tier=ConsentTier.POOL,
            sold_on=date(2024, 11, 14),
            seller_parent="b" * 32,
            price_minor=1_234_56,
        ),
        near(3, consent_tier=ConsentTier.SEALED, seller_parent="a" * 32),
        near(4, consent_tier=ConsentTier.POOL, seller_parent="b" * 32),
        near(5, release_on=ON + timedelta(days=1)),
        near(6, remaining_life_months=143),
    )
    with atomic() as writing:
        writing.add_all(PoolAdmission(record_id=one.id, admitted_at=clock.now()) for one in (pooled, fresh))

    def seen(reader: Reader) -> dict[str, Any]:
        valuation = value_subject(session, SUBJECT, reader)
        assert sum(one.looked_at for one in valuation.search.strata[:1]) == len(valuation.views)
        return {identity: view.facts for identity, view in valuation.views.items()}

    assert {facts.remaining_life_months for facts in seen(ANYBODY).values()} == {132}
    to_bank = seen(BANK)
    assert not {str(one.id) for one in (sealed, fresh, later)} & set(to_bank)
    assert len(to_bank) == 3
    assert to_bank[str(own.id)].price_minor == own.price_minor
    # A pooled sale is told in round figures, and of its quarter.
    assert (to_bank[str(pooled.id)].price_minor, to_bank[str(pooled.id)].sold_on) == (
        1_200_00,
        date(2024, 10, 1),
    )


def test_a_corrected_record_gives_way_to_the_newer_one(session: Session) -> None:
    old = record(near(1))[0]
    with atomic() as writing:
        new = service.correct(writing, old.id, reason="misread", price_minor=5_000_00)
    assert [row.id for row in candidates.find(session, SUBJECT, ANYBODY).rows] == [new.id]
    with atomic() as writing:
        service.correct(
            writing, new.id, reason="bank and buyer belong together", related_party=True, arms_length=False
        )
    found = candidates.find(session, SUBJECT, ANYBODY)
    assert (found.rows, found.search.left_out) == ((), {Rejection.NOT_ARMS_LENGTH: 1})


def test_a_reader_without_an_office_of_its_own_sees_all_offices(session: Session) -> None:
    record(near(1, country="DE"), near(2, country="FR"), near(3, country="JP"))
    german = replace(SUBJECT, country="DE")
    valuation = value_subject(session, german)
    reasons = [one.reason for one in valuation.comparison.rejected]
    assert (len(valuation.comparison.comparables), reasons) == (2, [Rejection.OTHER_OFFICE])
    assert uuid.UUID(valuation.comparison.comparables[0].candidate.identity)
