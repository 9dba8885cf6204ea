"""Mandates: who proposes, who answers, who may end them."""

import uuid
from datetime import date
from typing import Any

import pytest
from builders import a_lot, an_institution
from offers_cast import Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Mandate
from marketplace.deals.rules import DealReason, MandateSide, MandateStatus
from marketplace.deals.service import mandates
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.rules import LotStatus
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.parties.models import Institution
from marketplace.status import StatusReason

BANK, BUYER, AGENCY = InstitutionKind.BANK, InstitutionKind.BUYER, InstitutionKind.AGENCY
UNTIL = date(2026, 12, 31)


@pytest.fixture
def cast(session: Session, clock: FixedClock) -> Cast:
    with atomic():
        return Cast(session)


def propose(cast: Cast, client: Institution, **changes: Any) -> Mandate:
    values: dict[str, Any] = {"lot_id": None, "commission_basis_points": 300, "valid_until": UNTIL}
    return mandates.propose(cast.session, cast.bob, client_id=client.id, **(values | changes))


def test_a_mandate_is_proposed_accepted_and_ended(cast: Cast, session: Session) -> None:
    with atomic():
        to_buy = propose(cast, cast.buyer, lot_id=cast.lot.id)
        assert to_buy.side is MandateSide.BUY
        with pytest.raises(NotAllowed):
            mandates.accept(session, cast.bob, to_buy.id)
        for mandate_id in (to_buy.id, uuid.uuid4()):
            with pytest.raises(NotFound):
                mandates.accept(session, cast.mallory, mandate_id)
            with pytest.raises(NotFound):
                mandates.end(session, cast.mallory, mandate_id)
        mandates.accept(session, cast.carol, to_buy.id)
        with pytest.raises(Conflict, match=StatusReason.MOVE_NOT_ALLOWED):
            mandates.decline(session, cast.carol, to_buy.id)
        mandates.end(session, cast.bob, to_buy.id)
        other = propose(cast, cast.buyer)
        mandates.decline(session, cast.carol, other.id)
        with pytest.raises(NotAllowed):
            mandates.propose(
                session,
                cast.alice,
                client_id=cast.bank.id,
                lot_id=None,
                commission_basis_points=1,
                valid_until=UNTIL,
            )
    assert to_buy.status is MandateStatus.ENDED
    assert other.status is MandateStatus.DECLINED
    for told, kind in ((to_buy, NoticeKind.MANDATE_ENDED), (other, NoticeKind.MANDATE_DECLINED)):
        of_it = Notice.subject_url == f"/mandates/{told.id}", Notice.kind == kind
        heard = session.execute(select(Notice.institution_id, Notice.title).where(*of_it))
        names = {told.agency_id: told.client.name, told.client_id: told.agency.name}
        assert dict(heard.all()) == names


def test_a_seller_has_one_agency_for_the_same_lot(cast: Cast, session: Session) -> None:
    with atomic():
        again = propose(cast, cast.bank)
        with pytest.raises(Conflict, match=DealReason.ALREADY_MANDATED):
            mandates.accept(session, cast.amy, again.id)
        for_one_lot = propose(cast, cast.bank, lot_id=cast.lot.id)
        mandates.accept(session, cast.amy, for_one_lot.id)
        mandates.end(session, cast.amy, cast.selling.id)
        mandates.accept(session, cast.amy, again.id)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"commission_basis_points": 0}, DealReason.COMMISSION_OUT_OF_RANGE),
        ({"commission_basis_points": 5_001}, DealReason.COMMISSION_OUT_OF_RANGE),
        ({"valid_until": date(2026, 3, 1)}, DealReason.MANDATE_ENDS_TOO_SOON),
        ({"valid_until": date(2036, 3, 1)}, DealReason.MANDATE_ENDS_TOO_LATE),
    ],
)
def test_mandates_nobody_can_mean(cast: Cast, changes: dict[str, Any], reason: DealReason) -> None:
    with pytest.raises(Refused, match=reason), atomic():
        propose(cast, cast.buyer, **changes)


def test_who_and_what_a_mandate_may_be_for(cast: Cast, session: Session, clock: FixedClock) -> None:
    with atomic():
        with pytest.raises(Refused, match=DealReason.CLIENT_UNKNOWN):
            propose(cast, cast.sellers_agency)
        other = a_lot(session, an_institution(session, BANK))
        with pytest.raises(Refused, match=DealReason.MANDATE_DOES_NOT_COVER):
            propose(cast, cast.bank, lot_id=other.id)
        secret = a_lot(session, cast.bank, status=LotStatus.DRAFTED)
        for lot_id in (secret.id, uuid.uuid4()):
            with pytest.raises(NotFound):
                propose(cast, cast.bank, lot_id=lot_id)
        late = propose(cast, cast.buyer, valid_until=date(2026, 3, 2))
        clock.advance(days=1)
        with pytest.raises(Refused, match=DealReason.MANDATE_ENDS_TOO_SOON):
            mandates.accept(session, cast.carol, late.id)
