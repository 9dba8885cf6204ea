"""The bank's steps after a failed attempt: what is refused, by whom, and what an approval does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import an_actor
from flask import Flask
from sqlalchemy import select

from auctions import service as bidding
from auctions.models import Auction
from auctions.procedure import queries, service
from auctions.procedure.rules import ProcedureReason, Proposal, Verdict
from marketplace.access import InstitutionKind, Role
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import ChangedHistory, atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings import service as listings
from marketplace.listings.queries import terms_of
from marketplace.listings.rules import LotStatus
from marketplace.notices.rules import NoticeKind
from marketplace.rule_packs import LimitReason, StepKind

from .builders_of_auctions import a_bidder, a_sale, bid, opening, tick
from .builders_of_steps import (
    a_colleague,
    announced,
    auctioned_again,
    decided,
    proposal,
    readers,
    refused,
    terms,
    unsold,
)


def again(start: int = 11_200_000, **changes: Any) -> Proposal:
    return proposal(StepKind.NEXT_AUCTION, attempt=terms(start, deposit_minor=1_000_000, **changes))


def test_too_deep_a_cut_is_refused_with_its_article_at_every_door(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock)
        found = refused(session, sale, again(11_199_999))
        assert (found.reason, found.field) == (LimitReason.PRICE_CUT_TOO_DEEP, "start_price_minor")
        assert found.details["article"] == "法释〔2016〕18号 art. 26"
        row = service.propose(session, sale.bank, sale.lot.id, again())
        amy = a_colleague(session, sale.lot)
        sale.lot.previous_start_price_minor = 15_000_000  # what the limit is measured by has moved since
        with pytest.raises(Refused, match=LimitReason.PRICE_CUT_TOO_DEEP):
            service.approve(session, amy, row.id, seen_hash=row.content_hash)


def test_a_proposal_is_approved_by_another_person_and_carried_out(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock)
        dave, _ = a_bidder(session, a_sale(session))
        row = service.propose(session, sale.bank, sale.lot.id, again())
        assert (row.verdict, row.after_id, row.sequence) == (Verdict.PROPOSED, sale.auction.id, 1)
        with pytest.raises(Refused, match=ProcedureReason.PROPOSER_IS_APPROVER):
            service.approve(session, sale.bank, row.id, seen_hash=row.content_hash)
        amy = a_colleague(session, sale.lot)
        with pytest.raises(Conflict, match=ProcedureReason.STEP_OVERTAKEN):
            service.approve(session, amy, row.id, seen_hash="0" * 64)
        service.approve(session, amy, row.id, seen_hash=row.content_hash)
        second = queries.latest_auction(session, sale.lot.id)
        assert second is not None
        assert (second.attempt, second.previous_id) == (2, sale.auction.id)
        assert second.terms["options"]["round"] == 2
        assert (sale.lot.status, sale.lot.checker_id) == (LotStatus.PUBLISHED, amy.person_id)
        assert sale.lot.published_at == clock.moment
        with pytest.raises(Conflict, match=ProcedureReason.STEP_ANSWERED):
            service.approve(session, amy, row.id, seen_hash=row.content_hash)
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == sale.lot.id))
        assert {"procedure.proposed", "procedure.approved", "listings.offer_again"} <= set(acts)
        assert dave.institution_id not in readers(session, NoticeKind.OFFERED_AGAIN)


def test_one_proposal_at_a_time_and_none_by_strangers(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock)
        mallory = an_actor(session, InstitutionKind.BANK)
        approver = an_actor(session, InstitutionKind.BANK, frozenset({Role.APPROVER}), sale.lot.institution)
        with pytest.raises(NotFound):
            service.propose(session, mallory, sale.lot.id, again())
        with pytest.raises(NotAllowed):
            service.propose(session, approver, sale.lot.id, again())
        row = service.propose(session, sale.bank, sale.lot.id, again())
        with pytest.raises(Conflict, match=ProcedureReason.STEP_WAITS_ALREADY):
            service.propose(session, sale.bank, sale.lot.id, again())
        for verb in (service.approve, service.refuse):
            extra = {"seen_hash": row.content_hash} if verb is service.approve else {"reason": "no"}
            with pytest.raises(NotFound):
                verb(session, mallory, row.id, **extra)
        with pytest.raises(Refused, match=ProcedureReason.REASON_NEEDED):
            service.refuse(session, approver, row.id, reason=" ")
        answer = service.refuse(session, sale.bank, row.id, reason="taken back")
        assert (answer.verdict, answer.sequence, answer.proposal_id) == (Verdict.REFUSED, 2, row.id)
        with pytest.raises(Conflict, match=ProcedureReason.STEP_ANSWERED):
            service.refuse(session, approver, row.id, reason="again")
        assert queries.waiting_proposal(session, sale.lot.id) is None
        with pytest.raises(NotFound):
            queries.find_proposal(session, answer.id)


def test_decisions_are_only_added_to(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock)
        row = service.propose(session, sale.bank, sale.lot.id, again())
        row.reason = "another"
        with pytest.raises(ChangedHistory):
            session.flush()
        session.expire(row)


def test_what_an_earlier_attempt_fixed_stays(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock)
        own: dict[str, Any] = {
            "right_ids": [right.id for right in sale.lot.rights],
            "case_id": sale.lot.default_case_id,
        }
        before = terms_of(sale.lot)
        changes: tuple[dict[str, Any], ...] = ({"rule_pack": "open"}, {"reference_price_minor": 1})
        for change in changes:
            with pytest.raises(Refused, match="fixed_by_earlier_attempt"):
                listings.edit(session, sale.bank, sale.lot.id, replace(before, **change), **own)
        with pytest.raises(Refused, match=LimitReason.PRICE_CUT_TOO_DEEP):
            listings.edit(session, sale.bank, sale.lot.id, replace(before, start_price_minor=1), **own)
        listings.edit(session, sale.bank, sale.lot.id, replace(before, start_price_minor=11_200_000), **own)
        assert sale.lot.status is LotStatus.DRAFTED


def test_the_creditor_takes_at_the_reserve_and_only_after_a_failure(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock)
        row = decided(session, sale.bank, sale.lot, proposal(StepKind.TAKING, price_minor=1))
        (deal,) = session.scalars(select(Deal))
        assert (deal.source, deal.source_id, deal.price_minor) == (DealSource.TAKING, row.id, 14_000_000)
        assert (deal.buyer_id, deal.seller_id) == (sale.lot.institution_id, sale.lot.institution_id)
        assert sale.lot.status is LotStatus.RESERVED
        bank = unsold(session, clock, rule_pack="cn-bank", published_at=clock.moment - timedelta(days=40))
        assert refused(session, bank, proposal(StepKind.TAKING)).reason == ProcedureReason.STEP_NOT_ALLOWED


def test_a_conversion_needs_price_document_and_care_for_others(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock, rule_pack="cn-bank")
        whole: dict[str, Any] = {"price_minor": 8_000_000, "document": "A-1", "third_parties_checked": True}
        for name, lacking, reason in (
            ("price_minor", None, ProcedureReason.PRICE_NEEDED),
            ("document", " ", ProcedureReason.DOCUMENT_NEEDED),
            ("third_parties_checked", False, ProcedureReason.THIRD_PARTIES_NOT_CHECKED),
            ("cost_minor", 5, ProcedureReason.PAYEE_NEEDED),
            ("cost_minor", -5, ProcedureReason.COST_NEGATIVE),
            ("reason", " ", ProcedureReason.REASON_NEEDED),
        ):
            asked = proposal(StepKind.CONVERSION, **(whole | {name: lacking}))
            assert refused(session, sale, asked).reason == reason
        decided(session, sale.bank, sale.lot, proposal(StepKind.CONVERSION, **whole))
        assert session.scalars(select(Deal.source)).all() == [DealSource.CONVERSION]


def test_the_defaulter_is_barred_and_not_invited_again(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = announced(session, clock, rule_pack="cn-state")
        (carol, _), (dave, _) = a_bidder(session, sale), a_bidder(session, sale)
        clock.move_to(opening(sale))
        bid(session, dave, sale, "100000.00")
        bid(session, carol, sale, "110000.00")
        clock.advance(days=1)
        bidding.record_default(session, sale.auction.id, carol.institution_id)
        assert (sale.lot.round, sale.lot.failed_at) == (1, None)
        second = auctioned_again(session, sale.bank, sale.lot, terms(10_000_000))
        assert readers(session, NoticeKind.OFFERED_AGAIN) == {dave.institution_id}
        with pytest.raises(Refused, match="defaulted_before"):
            bidding.register(session, carol, second.id)
        assert bidding.register(session, dave, second.id).admitted


def test_the_whole_ladder_ends(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = unsold(session, clock)
        for start, kind, days in (
            (11_200_000, StepKind.NEXT_AUCTION, 1),
            (11_200_000, StepKind.SALE_OFF, 60),
        ):
            attempt = terms(start, days=days, deposit_minor=1_000_000)
            decided(session, sale.bank, sale.lot, proposal(kind, attempt=attempt))
            clock.advance(days=17 + days)
            tick(session)
        rounds = [attempt.round for attempt in queries.attempts_of(session, sale.lot.id)]
        assert rounds == [1, 2, 3]
        kinds = {step.kind for step in service.possible_now(session, sale.lot, clock.moment)}
        assert kinds == {StepKind.TAKING, StepKind.REDEMPTION, StepKind.WITHDRAWAL}
        assert refused(session, sale, again()).reason == ProcedureReason.STEP_NOT_ALLOWED
        formats = session.scalars(select(Auction.auction_format).order_by(Auction.attempt)).all()
        assert formats == ["english", "english", "sale_off"]
