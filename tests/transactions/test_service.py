"""Carrying sales across, correcting them, and what a crash between two databases leaves."""

import uuid

import pytest
from builders import a_lot, a_right, an_institution
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auctions.rules import Outcome
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import ChangedHistory, atomic
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.rights.rules import RightType
from transactions import carrying, queries, service
from transactions.carrying import due
from transactions.log import growing, signing, tree
from transactions.log.places import Tree
from transactions.models import CarriedSale, Checkpoint, LogHead, TransactionRecord
from transactions.rules.facts import Reason
from transactions.rules.words import AssetType, Channel, DatePrecision, ProofGrade, SaleOutcome

from .sale_builders import a_completed_deal, a_sale_of, an_ended_auction


def step() -> bool:
    with atomic() as session:
        return service.record_due(session)


def drain() -> int:
    count = 0
    while step():
        count += 1
    return count


def records(session: Session) -> list[TransactionRecord]:
    session.expire_all()
    return list(session.scalars(select(TransactionRecord).order_by(TransactionRecord.leaf_index)))


def test_a_completed_deal_is_recorded_once(session: Session) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing, auction=an_ended_auction(writing, outcome=Outcome.SOLD))
    assert drain() == 2
    assert not step()
    (record,) = records(session)
    assert (record.source_marketplace, record.source_kind) == ("luochui-test", "deal")
    assert record.source_id == str(deal.id)
    assert (record.outcome, record.price_minor, record.currency) == (SaleOutcome.SOLD, 13_000_000, "CNY")
    assert (record.channel, record.attempt) == (Channel.AUCTION_ENGLISH, 1)
    assert (record.start_price_minor, record.deposit_minor) == (10_000_000, 1_000_000)
    assert (record.reference_price_minor, record.reference_price_basis) == (15_000_000, "appraisal")
    assert (record.bidders, record.bids, record.top_bid_minor) == (2, 2, 13_000_000)
    assert (record.asset_type, record.number_of_rights) == (AssetType.INVENTION, 1)
    assert (record.technology_field, record.classes, record.country) == (1, ["H02K17/02"], "CN")
    assert record.remaining_life_months == 146
    assert (record.seller_kind, record.forced, record.proof_grade) == ("bank", False, ProofGrade.B)
    assert session.scalar(select(func.count()).select_from(CarriedSale)) == 1


def test_no_party_no_reserve_and_no_losing_maximum_is_recorded(session: Session) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing, auction=an_ended_auction(writing, outcome=Outcome.SOLD))
        names = (deal.lot.institution.name, deal.seller.name)
        an_ended_auction(writing, auction_format="sealed", maximum=None)
    drain()
    text = " ".join(str(record.facts()) for record in records(session))
    for secret in (*names, "12000000", "11900000", "Taishan"):
        assert secret not in text
    sealed = next(record for record in records(session) if record.channel is Channel.AUCTION_SEALED)
    assert sealed.top_bid_minor is None


def test_an_unsold_auction_is_recorded_with_its_open_top_bid(session: Session) -> None:
    with atomic() as writing:
        an_ended_auction(writing)
        an_ended_auction(writing, outcome=Outcome.CANCELLED, bids=())
        an_ended_auction(writing, outcome=Outcome.SOLD)
    assert drain() == 4
    unsold, withdrawn = sorted(records(session), key=lambda record: record.outcome.value)
    assert (unsold.outcome, unsold.price_minor, unsold.top_bid_minor) == (
        SaleOutcome.UNSOLD, None, 11_000_000,
    )  # fmt: skip
    assert (withdrawn.outcome, withdrawn.bids, withdrawn.top_bid_minor) == (SaleOutcome.WITHDRAWN, 0, None)


def test_a_brokered_deal_is_dated_to_its_month_and_an_open_one_waits(session: Session) -> None:
    with atomic() as writing:
        a_completed_deal(writing)
        a_completed_deal(writing).status = DealStatus.PAID
    drain()
    (record,) = records(session)
    assert (record.channel, record.date_precision) == (Channel.BROKERED_OFFER, DatePrecision.MONTH)
    assert record.sold_on is not None
    assert record.sold_on.day == 1


def test_a_lot_of_many_rights(session: Session) -> None:
    with atomic() as writing:
        bank = an_institution(writing, InstitutionKind.BANK)
        rights = [
            a_right(writing, bank, right_type=RightType.UTILITY_MODEL, technology_field=32, expires_on=None),
            a_right(writing, bank, right_type=RightType.UTILITY_MODEL, technology_field=32, classes=[]),
            a_right(writing, bank, number="2019SR1", filed_on=None, technology_field=None),
        ]
        a_completed_deal(writing, lot=a_lot(writing, bank, rights=rights, rule_pack="cn-court"))
    drain()
    (record,) = records(session)
    assert (record.asset_type, record.number_of_rights) == (AssetType.UTILITY_MODEL, 3)
    assert (record.technology_field, record.technology_fields) == (32, [32])
    assert (record.forced, record.proof_grade, record.country) == (True, ProofGrade.A, "CN")


def test_a_sold_auction_is_not_published_by_itself(session: Session) -> None:
    with atomic() as writing:
        auction = an_ended_auction(writing, outcome=Outcome.SOLD)
    with pytest.raises(ValueError, match="sold"):
        carrying.facts_of_auction(session, auction, "here")


def _crash(*_: object) -> None:
    raise ZeroDivisionError


def test_a_crash_between_the_databases_loses_and_doubles_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
    with monkeypatch.context() as patch:
        patch.setattr(growing, "sign", _crash)
        with pytest.raises(ZeroDivisionError):
            step()
    assert records(session) == []
    assert step()
    # The process dies here: the sale stands in the shared record, the marketplace does not know it yet.
    session.close()
    assert drain() == 1
    (record,) = records(session)
    marked = session.scalars(select(CarriedSale)).one()
    assert (marked.source_id, marked.record_id) == (deal.id, record.id)


def test_a_mark_that_another_worker_set_is_respected(session: Session) -> None:
    with atomic() as writing:
        deal = a_completed_deal(writing)
    drain()
    with atomic() as writing:
        service._carry(writing, due.Due("deal", deal))
    assert len(records(session)) == 1


def test_two_marketplaces_share_one_record(app: Flask, session: Session) -> None:
    with atomic() as writing:
        service.append(writing, [a_sale_of(1), a_sale_of(1, source_marketplace="another")])
        again = a_sale_of(1)
        assert service.append(writing, [again, again, a_sale_of(1)]) == []
    first, second = records(session)
    assert (first.leaf_index, second.leaf_index) == (0, 1)


def test_the_same_source_with_other_facts_asks_for_a_correction(session: Session) -> None:
    with atomic() as writing:
        service.append(writing, [a_sale_of(1)])
    with pytest.raises(Conflict) as conflict, atomic() as writing:
        service.append(writing, [a_sale_of(2), a_sale_of(1, price_minor=5)])
    assert conflict.value.reason is Reason.RECORDED_DIFFERENTLY
    assert len(records(session)) == 1


def test_every_append_is_signed_and_the_log_only_grows(session: Session, clock: FixedClock) -> None:
    for number in range(5):
        with atomic() as writing:
            service.append(writing, [a_sale_of(number), a_sale_of(f"{number}b")])
        clock.advance(seconds=1)
    checkpoints = list(session.scalars(select(Checkpoint).order_by(Checkpoint.tree_size)))
    assert [point.tree_size for point in checkpoints] == [2, 4, 6, 8, 10]
    leaves = queries.leaf_hashes(session, 10)
    for point in checkpoints:
        assert point.root == tree.root(leaves[: point.tree_size]).hex()
        message = signing.statement(point.tree_size, point.root, point.at, point.signer)
        assert signing.is_signed(point.public_key, point.signature, message)
        assert not signing.is_signed(point.public_key, point.signature, message + b"x")
        assert not signing.is_signed("no key", point.signature, message)
        proof = Tree(leaves).consistency_proof(point.tree_size)
        old, new = bytes.fromhex(point.root), tree.root(leaves)
        assert tree.verify_consistency(point.tree_size, 10, old, new, proof)


def test_a_correction_replaces_without_changing(session: Session) -> None:
    with atomic() as writing:
        (old,) = service.append(writing, [a_sale_of(1)])
    with atomic() as writing:
        new = service.correct(writing, old.id, reason="a slip of the pen", price_minor=90_000_00)
    assert (new.corrects, new.price_minor, new.leaf_index) == (old.id, 90_000_00, 1)
    assert session.scalars(queries.current_records()).all() == [new]
    with pytest.raises(Conflict), atomic() as writing:
        service.correct(writing, old.id, reason="again", price_minor=80_000_00)
    with atomic() as writing:
        newest = service.correct(writing, new.id, reason="rescinded", outcome=SaleOutcome.REVERSED)
    assert [record.id for record in session.scalars(queries.current_records())] == [newest.id]


def test_corrections_that_cannot_be(session: Session) -> None:
    with pytest.raises(NotFound), atomic() as writing:
        service.correct(writing, uuid.uuid4(), reason="nobody")
    with atomic() as writing:
        (old,) = service.append(writing, [a_sale_of(1)])
    with pytest.raises(Refused), atomic() as writing:
        service.correct(writing, old.id, reason="", price_minor=1)


def test_a_record_is_never_changed(session: Session) -> None:
    with atomic() as writing:
        service.append(writing, [a_sale_of(1)])
    with pytest.raises(ChangedHistory), atomic() as writing:
        writing.scalars(select(TransactionRecord)).one().price_minor = 1


def test_an_append_that_adds_nothing_signs_nothing(session: Session) -> None:
    with atomic() as writing:
        assert service.append(writing, []) == []
    assert session.scalars(select(Checkpoint)).all() == []
    assert session.scalars(select(LogHead.size)).one() == 0
