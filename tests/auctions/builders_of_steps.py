"""Builders for procedures: a step proposed by one person of the bank and approved by another."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import an_actor
from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Auction
from auctions.procedure import queries, service
from auctions.procedure.models import StepDecision
from auctions.procedure.rules import AttemptTerms, Proposal
from marketplace import clock
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.errors import Refused
from marketplace.listings.models import DefaultCase, Lot
from marketplace.listings.rules import LotStatus
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.rule_packs import StepKind

from .builders_of_auctions import Sale, a_sale, opening, tick


def a_colleague(session: Session, lot: Lot) -> Actor:
    """A second person of the lot's bank."""
    return an_actor(session, InstitutionKind.BANK, institution=lot.institution)


def terms(start: int, opens_at: datetime | None = None, days: int = 1, **changes: Any) -> AttemptTerms:
    """Another attempt that opens in sixteen days, unless told otherwise, and stays open for so many days."""
    opens = opens_at or clock.now() + timedelta(days=16)
    values: dict[str, Any] = {"increment_minor": 100_000, "deposit_minor": None}
    return AttemptTerms(
        start_price_minor=start,
        opens_at=opens,
        closes_at=opens + timedelta(days=days),
        **(values | changes),
    )


def decided(session: Session, maker: Actor, lot: Lot, proposal: Proposal) -> StepDecision:
    """The step proposed and approved; returns the proposal."""
    row = service.propose(session, maker, lot.id, proposal)
    service.approve(session, a_colleague(session, lot), row.id, seen_hash=row.content_hash)
    return row


def auctioned_again(session: Session, maker: Actor, lot: Lot, attempt: AttemptTerms) -> Auction:
    """Another auction by a step of two persons."""
    proposal = Proposal(kind=StepKind.NEXT_AUCTION, reason="unsold", attempt=attempt)
    decided(session, maker, lot, proposal)
    found = queries.latest_auction(session, lot.id)
    assert found is not None
    return found


def unsold(session: Session, moment: FixedClock, **changes: Any) -> Sale:
    """A pledged lot whose first auction found no buyer; under a court's rules unless told otherwise."""
    values: dict[str, Any] = {
        "rule_pack": "cn-court",
        "start_price_minor": 14_000_000,
        "deposit_minor": 1_000_000,
    }
    sale = announced(session, moment, **(values | changes))
    moment.move_to(opening(sale) + timedelta(days=2))
    tick(session)
    assert sale.lot.status is LotStatus.UNSOLD
    return sale


def announced(session: Session, moment: FixedClock, **changes: Any) -> Sale:
    sale = a_sale(session, **changes)
    sale.lot.default_case = DefaultCase(
        institution_id=sale.lot.institution_id,
        reference="LOAN",
        debtor="Debtor",
        pledgor="Pledgor",
        currency="CNY",
        principal_minor=9_000_000,
        opened_at=moment.moment,
    )
    session.flush()
    return sale


def proposal(kind: StepKind, **changes: Any) -> Proposal:
    return Proposal(**({"kind": kind, "reason": "nobody came"} | changes))


def refused(session: Session, sale: Sale, asked: Proposal) -> Refused:
    with pytest.raises(Refused) as found:
        service.propose(session, sale.bank, sale.lot.id, asked)
    return found.value


def readers(session: Session, kind: NoticeKind) -> set[uuid.UUID]:
    return set(session.scalars(select(Notice.institution_id).where(Notice.kind == kind)))
