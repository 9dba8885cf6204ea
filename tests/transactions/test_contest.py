"""Estimates under seal, from filing to the league table, on both databases; and the pages about them."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import a_lot, a_mandate, a_person, actor_for, an_institution
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.rules import Outcome
from marketplace import audit
from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution
from marketplace.rule_packs.packs import Basis, Sourced, load
from payments import ledger
from payments.ledger import AccountName, Purpose
from payments.models import Payout
from payments.rules import Method, PayoutKind, PayoutStatus
from payments.service import approve_payout, books, prepare_payout
from transactions import service as record
from transactions.contest import envelopes, platform, queries, rules, service, views
from transactions.contest.invariants import CHECKS
from transactions.contest.models import ContestFee, ContestResult, OpenedEstimate, SealedEstimate
from transactions.contest.rules import ContestReason, Range, Standing, Verdict

from .contest_cast import BANK, BUYER, PRICE, estimate, run_down, sell, somebody
from .sale_builders import a_sale_of, an_ended_auction
from .tampering import tamper


@pytest.fixture
def lot(app: Flask) -> Lot:
    with atomic() as session:
        return a_lot(session, an_institution(session, BANK), rule_pack="open")


def opened(session: Session) -> dict[int | None, OpenedEstimate]:
    session.rollback()
    return {one.value_minor: one for one in session.scalars(select(OpenedEstimate))}


def broken(session: Session) -> list[str]:
    session.rollback()
    session.expire_all()
    return [problem for _, question in CHECKS for problem in question(session)]


def test_from_the_seal_to_the_table(session: Session, lot: Lot, clock: FixedClock) -> None:
    with atomic() as writing:
        (near, _), (far, _) = somebody(writing), somebody(writing, BANK)
    first = estimate(near, lot, 50_000_000)
    again = estimate(near, lot, 12_000_000)
    estimate(far, lot, 40_000_000)
    with atomic() as writing:
        own = writing.get_one(Lot, lot.id)
        service.file(writing, own, envelopes.PLATFORM, Range(14_000_000, 10_000_000, 18_000_000))
    assert (first.replaces, again.replaces) == (False, True)
    assert service.own_estimate(session, near, lot) == replace(again, replaces=False)
    run_down(service.open_due)
    assert opened(session) == {}
    sell(lot)
    assert service.own_estimate(session, near, lot) is None, "it is opened, and a new round begins"
    found = opened(session)
    assert set(found) == {12_000_000, 40_000_000, 14_000_000}
    assert found[14_000_000].closest
    assert found[14_000_000].institution_id is None
    assert (found[12_000_000].verdict, found[12_000_000].within) == (Verdict.SCORED, True)
    assert (found[40_000_000].within, found[40_000_000].institution_id) == (False, far.institution_id)
    assert envelopes.commitment_of(again.content) == found[12_000_000].sealed.commitment
    assert broken(session) == []
    result = session.scalars(select(ContestResult)).one()
    assert (result.price_minor, result.source_kind, result.opened_at) == (PRICE, "deal", clock())
    (shown,) = views.rounds(session, lot.id)
    assert shown.figures
    assert [entry.name for entry in shown.entries] == ["", "", ""]


def test_before_the_opening_the_rows_tell_nothing(session: Session, lot: Lot) -> None:
    with atomic() as writing:
        agency, person = somebody(writing)
    filed = estimate(agency, lot, 12_345_600)
    session.rollback()
    row = session.scalars(select(SealedEstimate)).one()
    text = f"{row.token} {row.commitment} {row.sealed!r}"
    for secret in ("12345600", "12,345,600", str(agency.institution_id), str(person.id), filed.content.salt):
        assert secret not in text
    entries = session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.subject_id == lot.id)).all()
    assert entries
    assert all(one.person_id is None and one.institution_id is None for one in entries)


def test_who_may_not_estimate(session: Session, lot: Lot, clock: FixedClock) -> None:
    with atomic() as writing:
        seller = writing.get_one(Institution, lot.institution_id)
        own = actor_for(a_person(writing, seller, "Amy"), seller)
        agency, _ = somebody(writing)
        a_mandate(writing, writing.get_one(Institution, agency.institution_id), seller)
        (buyer, _), (reader, _) = somebody(writing, BUYER), somebody(writing)
    for actor in (own, agency):
        with pytest.raises(Refused) as refused:
            estimate(actor, lot, PRICE)
        assert refused.value.reason is ContestReason.CONCERNED
    for actor in (
        buyer,
        replace(reader, roles=frozenset({Role.ADMINISTRATOR})),
        replace(reader, verified=False),
    ):
        with pytest.raises(NotAllowed):
            estimate(actor, lot, PRICE)
    with atomic() as writing:
        auction = an_ended_auction(writing, lot=writing.get_one(Lot, lot.id))
        auction.outcome, auction.opens_at = Outcome.OPEN, clock()
    with pytest.raises(Conflict):
        estimate(reader, lot, PRICE)
    with atomic() as writing:
        writing.get_one(type(auction), auction.id).opens_at = clock() + timedelta(minutes=1)
    estimate(reader, lot, PRICE)
    with atomic() as writing:
        writing.get_one(Lot, lot.id).status = LotStatus.WITHDRAWN
    with pytest.raises(Conflict):
        estimate(reader, lot, PRICE)


def test_there_is_an_end_to_changes_and_estimates(
    session: Session, lot: Lot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with atomic() as writing:
        (one, _), (two, _), (three, _) = (somebody(writing) for _ in range(3))
    monkeypatch.setattr(rules, "MOST_CHANGES", 2)
    monkeypatch.setattr(rules, "MOST_ESTIMATES", 3)
    estimate(one, lot, PRICE)
    estimate(one, lot, PRICE)
    with pytest.raises(Refused):
        estimate(one, lot, PRICE)
    estimate(two, lot, PRICE)
    with pytest.raises(Refused):
        estimate(three, lot, PRICE)


def test_whoever_turns_out_to_be_concerned_is_not_scored(session: Session, lot: Lot) -> None:
    with atomic() as writing:
        (bought, _), (tied, _), (free, _) = (somebody(writing) for _ in range(3))
        buyer = writing.get_one(Institution, bought.institution_id)
        relative = writing.get_one(Institution, tied.institution_id)
        relative.parent_country, relative.parent_number = buyer.country, buyer.registration_number
    for actor, value in ((bought, PRICE), (tied, PRICE + 100), (free, 20_000_000)):
        estimate(actor, lot, value)
    sell(lot, buyer=buyer)
    found = opened(session)
    assert [found[value].standing for value in sorted(value for value in found if value)] == [
        Standing.BIDDER, Standing.TIED, Standing.FREE,
    ]  # fmt: skip
    assert [one.verdict for one in found.values()].count(Verdict.CONCERNED) == 2
    assert found[20_000_000].closest
    assert broken(session) == []


def test_an_unsold_attempt_and_the_next_round(session: Session, lot: Lot) -> None:
    with atomic() as writing:
        (high, _), (low, _) = somebody(writing), somebody(writing)
    estimate(high, lot, 15_000_000)
    estimate(low, lot, 9_000_000)
    with atomic() as writing:
        an_ended_auction(writing, lot=writing.get_one(Lot, lot.id))
    run_down(record.record_due, service.open_due)
    found = opened(session)
    assert (found[15_000_000].verdict, found[9_000_000].verdict) == (Verdict.TOO_HIGH, Verdict.LEFT_OPEN)
    assert not any(one.closest for one in found.values())
    estimate(low, lot, 8_000_000)
    assert queries.round_of(session, lot.id) == 2
    sell(lot, 8_100_000)
    assert opened(session)[8_000_000].closest
    assert [one.result.round for one in views.rounds(session, lot.id)] == [2, 1]
    assert broken(session) == []


def test_an_altered_envelope_is_not_scored(session: Session, lot: Lot) -> None:
    with atomic() as writing:
        (one, _), (two, _) = somebody(writing), somebody(writing)
    estimate(one, lot, PRICE)
    estimate(two, lot, 20_000_000)
    # The first estimator's commitment beside the second one's envelope.
    tamper(
        "UPDATE sealed_estimates SET sealed = (SELECT sealed FROM sealed_estimates WHERE sequence = 2) "
        "WHERE sequence = 1",
        None,
    )
    assert len(broken(session)) == 1
    sell(lot)
    found = opened(session)
    assert found[None].verdict is Verdict.UNOPENED
    assert found[20_000_000].closest
    tamper("UPDATE opened_estimates SET log_error = 0.5, value_minor = value_minor + 1 WHERE closest", None)
    assert len(broken(session)) == 3


def test_the_closest_is_paid_by_two_persons(
    session: Session, lot: Lot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = replace(load("open"), contest_fee_units=Sourced(5000, Basis.OWN, "test"))
    monkeypatch.setattr("transactions.contest.service.opening.load", lambda *_: pack)
    with atomic() as writing:
        winner, _ = somebody(writing)
        (maker, _), (checker, _) = (somebody(writing, InstitutionKind.OPERATOR) for _ in range(2))
        checker = replace(checker, roles=frozenset({Role.APPROVER}))
    estimate(winner, lot, 12_000_000)
    sell(lot)
    run_down(service.set_fee_apart)
    session.rollback()
    fee = session.scalars(select(ContestFee)).one()
    assert (fee.amount_minor, fee.currency, fee.payout_id) == (500_000, "CNY", None)
    own = AccountName(Purpose.OPERATOR, "CNY", None, str(uuid.uuid4()))
    with atomic() as writing:
        moved = ledger.movement(ledger.cash(Method.BANK_TRANSFER, "CNY"), own, 600_000)
        books.post(writing, "opening", subject_id=lot.id, lot_id=None, postings=moved)
    run_down(service.set_fee_apart)
    session.rollback()
    payout = session.scalars(select(Payout)).one()
    assert (payout.kind, payout.institution_id, payout.amount_minor) == (
        PayoutKind.CONTEST_FEE, winner.institution_id, 500_000,
    )  # fmt: skip
    assert books.balance(session, own) == 100_000
    with atomic() as writing:
        prepare_payout(writing, maker, payout.id, "closest estimate")
    with atomic() as writing:
        approve_payout(writing, checker, payout.id, "as decided")
    session.rollback()
    assert session.get_one(Payout, payout.id, populate_existing=True).status is PayoutStatus.APPROVED
    assert broken(session) == []


def test_the_platform_files_what_its_valuation_says(session: Session, lot: Lot, clock: FixedClock) -> None:
    assert platform.file_due() == 0, "the record says too little"
    with atomic() as writing:
        record.append(
            writing, [a_sale_of(number, price_minor=PRICE + number * 100_000) for number in range(8)]
        )
    assert platform.file_due() == 0, "it is left alone for a while"
    clock.advance(hours=7)
    assert [platform.file_due(), platform.file_due()] == [1, 0]
    sell(lot)
    session.rollback()
    one = session.scalars(select(OpenedEstimate)).one()
    assert (one.institution_id, one.verdict) == (None, Verdict.SCORED)
    assert 10_000_000 < (one.value_minor or 0) < 20_000_000
    assert broken(session) == []
