"""Claims from a settlement to the recovery that is shared back, on both databases."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from builders import an_actor
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from payments.compensation import queries, service
from payments.compensation.rules import ClaimStatus, Ineligible, PartyRole, PoolReason
from payments.funds.models import FundDocument
from payments.funds.rules import EvidenceKind, FundReason
from payments.models import Payout
from payments.rules import PayoutKind

from .compensation_stage import (
    LOAN,
    LOSS,
    Stage,
    a_claim,
    a_pool,
    agree,
    broken,
    claim_of,
    holds,
    labour,
    parts_of,
    pay_in,
    pay_payouts,
    register_pledge,
    review_and_release,
    sold_by_auction,
    sold_with_a_remainder,
)
from .scene import a_scene

FUND, BANK, INSURER, APPRAISER = (
    PartyRole.FUND,
    PartyRole.BANK,
    PartyRole.INSURER,
    PartyRole.APPRAISER,
)


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    """A sale with a remainder of 1,000,000.00, and a pool of 2,000,000.00 under 54 : 26 : 16 : 4."""
    return a_pool(sold_with_a_remainder())


def test_vector_9_from_the_shortfall_to_the_recovery_and_the_proven_balance(
    app: Flask, clock: FixedClock
) -> None:
    """Default, sale with shortfall, claim, paid, recovery shared back: the pool's balance is proven."""
    stage = a_pool(sold_by_auction(clock))
    fund, insurer, appraiser = stage.fay.institution_id, stage.insurer.id, stage.appraiser.id
    claim_id = a_claim(stage)
    names_its_evidence(claim_id)
    review_and_release(stage, claim_id)
    assert parts_of(claim_id) == {
        FUND: 54_000_000,
        BANK: 26_000_000,
        INSURER: 16_000_000,
        APPRAISER: 4_000_000,
    }
    labour()
    pay_payouts(stage)
    labour()
    with atomic() as session:  # the insurer and the appraiser have been asked, and have not paid in
        assert claim_of(session, claim_id).status is ClaimStatus.RELEASED
    assert holds(stage, fund) == 200_000_000 - 54_000_000
    pay_in(stage, insurer, 16_000_000)
    pay_in(stage, appraiser, 5_000_000)
    labour()
    pay_payouts(stage)
    labour()
    with atomic() as session:
        assert claim_of(session, claim_id).status is ClaimStatus.PAID
        paid = session.scalars(select(Payout.amount_minor).where(Payout.kind == PayoutKind.COMPENSATION))
        assert sorted(paid) == [4_000_000, 16_000_000, 54_000_000]
    recover(stage, claim_id, 10_000_000)
    assert status_of(claim_id) is ClaimStatus.PARTLY_RECOVERED
    assert (holds(stage, fund), holds(stage, insurer), holds(stage, appraiser)) == (
        146_000_000 + 5_400_000,
        1_600_000,
        1_000_000 + 400_000,
    )
    recover(stage, claim_id, 90_000_000)
    assert status_of(claim_id) is ClaimStatus.RECOVERED
    assert (holds(stage, fund), holds(stage, insurer), holds(stage, appraiser)) == (
        200_000_000,
        16_000_000,
        5_000_000,
    )
    labour()


def names_its_evidence(claim_id: uuid.UUID) -> None:
    """The claim is for the whole loss, with every document that the agreement asks for."""
    with atomic() as session:
        assert claim_of(session, claim_id).loss_minor == LOSS
        kinds = set(session.scalars(select(FundDocument.kind).where(FundDocument.subject_id == claim_id)))
    assert kinds == {
        EvidenceKind.LOAN_CONTRACT,
        EvidenceKind.PLEDGE_CERTIFICATE,
        EvidenceKind.DISPOSAL_RECORD,
        EvidenceKind.SETTLEMENT_STATEMENT,
    }


def recover(stage: Stage, claim_id: uuid.UUID, minor: int) -> None:
    with atomic() as session:
        report = service.report_recovery(session, stage.bank, claim_id, minor, "Payment of the guarantor")
    with atomic() as session:
        service.confirm_recovery(session, stage.scene.olga, report.id, uuid.uuid4().hex)


def status_of(claim_id: uuid.UUID) -> ClaimStatus:
    with atomic() as session:
        return claim_of(session, claim_id).status


def told(institution_id: uuid.UUID) -> set[NoticeKind]:
    with atomic() as session:
        return set(session.scalars(select(Notice.kind).where(Notice.institution_id == institution_id)))


def test_everybody_is_told_at_each_step(stage: Stage) -> None:
    claim_id = a_claim(stage)
    review_and_release(stage, claim_id)
    assert NoticeKind.COMPENSATION_CLAIMED in told(stage.fay.institution_id)
    assert NoticeKind.COMPENSATION_CALLED in told(stage.insurer.id)
    assert told(stage.bank.institution_id) >= {
        NoticeKind.COMPENSATION_REVIEWED,
        NoticeKind.COMPENSATION_RELEASED,
    }


def test_a_loss_is_claimed_once_and_again_only_after_a_refusal(stage: Stage) -> None:
    claim_id = a_claim(stage)
    with pytest.raises(Conflict) as conflict:
        a_claim(stage, named=False)
    assert conflict.value.reason is PoolReason.CLAIMED_ALREADY
    with atomic() as session:
        service.refuse(session, stage.fay, claim_id, "The loan is not one of this pool")
    assert a_claim(stage) != claim_id
    assert broken() == {}


def test_a_claim_may_be_taken_back_before_the_review(stage: Stage) -> None:
    claim_id = a_claim(stage)
    with atomic() as session:
        service.withdraw(session, stage.bank, claim_id, "Claimed on another pool")
    assert status_of(claim_id) is ClaimStatus.WITHDRAWN
    with pytest.raises(Conflict), atomic() as session:
        service.review(session, stage.fay, claim_id, "x")


def test_a_review_needs_every_document_and_a_reason(stage: Stage) -> None:
    claim_id = a_claim(stage, named=False)
    with pytest.raises(Refused) as refused, atomic() as session:
        service.review(session, stage.fay, claim_id, "x")
    assert refused.value.reason is PoolReason.EVIDENCE_LACKING
    with atomic() as session:
        service.add_evidence(
            session, stage.bank, claim_id, EvidenceKind.LOAN_CONTRACT, reference="x", digest="AB" * 32
        )
    with pytest.raises(Refused) as refused, atomic() as session:
        service.review(session, stage.fay, claim_id, " ")
    assert refused.value.reason is FundReason.REASON_NEEDED


def test_whoever_reviews_does_not_release_and_only_what_was_seen_is_released(stage: Stage) -> None:
    claim_id = a_claim(stage)
    with atomic() as session:
        both = an_actor(session, InstitutionKind.FUND, institution=_fund(session, stage))
        seen = service.review(session, both, claim_id, "complete").content_hash
    with pytest.raises(NotAllowed), atomic() as session:
        service.release(session, both, claim_id, seen)
    with pytest.raises(Conflict), atomic() as session:
        service.release(session, stage.finn, claim_id, "another")
    with atomic() as session:
        service.send_back(session, stage.finn, claim_id, "The loan contract is another one")
    with atomic() as session:
        claim = claim_of(session, claim_id)
        assert (claim.status, claim.parts, claim.content_hash) == (ClaimStatus.CLAIMED, [], "")
    review_and_release(stage, claim_id)
    with pytest.raises(Conflict), atomic() as session:
        service.refuse(session, stage.fay, claim_id, "too late")


def _fund(session: Session, stage: Stage) -> Any:
    return queries.find_pool(session, stage.pool_id).keeper


def test_strangers_find_nothing(stage: Stage) -> None:
    claim_id = a_claim(stage)
    with atomic() as session:
        mallory = an_actor(session, InstitutionKind.BANK)
        other = an_actor(session, InstitutionKind.FUND)
    acts: tuple[Callable[[Session], object], ...] = (
        lambda session: service.withdraw(session, mallory, claim_id, "x"),
        lambda session: service.claim(session, mallory, stage.scene.lot.id, stage.pool_id, LOAN),
        lambda session: service.review(session, other, claim_id, "x"),
        lambda session: service.refuse(session, other, claim_id, "x"),
        lambda session: service.withdraw_money(
            session, other, stage.pool_id, other.institution_id, minor=1, reason="x"
        ),
        lambda session: service.report_recovery(session, mallory, claim_id, 1, "x"),
    )
    for act in acts:
        with pytest.raises(NotFound), atomic() as session:
            act(session)


def test_caps_are_counted_over_the_claims_of_a_year(app: Flask, clock: FixedClock) -> None:
    """What one claim has used of a firm's cap the next one does not get; it stays with the bank."""
    stage = a_pool(sold_with_a_remainder(), cap_per_firm_and_year=60_000_000)
    review_and_release(stage, a_claim(stage))
    second = sold_with_a_remainder()
    other = Stage(second, stage.pool_id, stage.fay, stage.finn, stage.insurer, stage.appraiser)
    claim_id = a_claim(other)
    review_and_release(other, claim_id)
    assert parts_of(claim_id) == {
        FUND: 6_000_000,
        BANK: 26_000_000 + 48_000_000,
        INSURER: 16_000_000,
        APPRAISER: 4_000_000,
    }
    labour()


def test_the_fund_never_promises_more_than_it_has(app: Flask, clock: FixedClock) -> None:
    stage = a_pool(sold_with_a_remainder(), minor=50_000_000)
    claim_id = a_claim(stage)
    with atomic() as session:
        service.review(session, stage.fay, claim_id, "complete")
    assert parts_of(claim_id)[FUND] == 50_000_000
    fund = stage.fay.institution_id
    with pytest.raises(Refused) as refused, atomic() as session:
        service.withdraw_money(session, stage.fay, stage.pool_id, fund, minor=1, reason="x")
    assert refused.value.reason is FundReason.MORE_THAN_FREE
    assert broken() == {}


def test_a_loan_that_is_not_covered_is_refused_with_every_reason(stage: Stage) -> None:
    agree(stage, loan_at_most=1, sizes=("micro",), waiting_days=365, claim_within_days=1, multiple=1)
    agree(stage, loan_at_most=1, waiting_days=3650)
    with pytest.raises(Refused) as refused:
        a_claim(stage, named=False)
    assert refused.value.details["reasons"] == (Ineligible.LOAN_TOO_LARGE, Ineligible.WAITING_PERIOD)


def test_without_a_sale_the_whole_claim_is_lost_once_the_procedure_has_ended(
    app: Flask, clock: FixedClock
) -> None:
    with atomic() as session:
        scene = a_scene(session)
        register_pledge(session, scene)
    stage = a_pool(scene)
    agree(stage, evidence=())
    with pytest.raises(Conflict) as conflict:
        a_claim(stage, named=False)
    assert conflict.value.reason is PoolReason.NOT_ENDED
    with atomic() as session:
        session.get_one(Lot, scene.lot.id).status = LotStatus.WITHDRAWN
    claim_id = a_claim(stage, named=False)
    with atomic() as session:
        claim = claim_of(session, claim_id)
        assert (claim.loss_minor, claim.settlement_id) == (12_000_000, None)


def test_a_lot_without_a_loan_has_no_loss(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, case=False)
    stage = a_pool(scene)
    with pytest.raises(Conflict) as conflict:
        a_claim(stage, named=False)
    assert conflict.value.reason is PoolReason.NO_CASE
