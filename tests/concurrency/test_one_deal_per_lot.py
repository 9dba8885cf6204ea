"""Many approvals at the same moment on real connections: one lot ends in one deal."""

import threading
from datetime import timedelta

import pytest
from builders import a_lot, a_mandate, an_actor, an_institution
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.deals.models import Deal
from marketplace.deals.service import offers
from marketplace.errors import Conflict
from marketplace.listings.rules import LotStatus

OFFERS = 8


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_of_many_approved_offers_one_becomes_the_deal(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        agency = an_institution(session, InstitutionKind.AGENCY)
        officer, approver = (an_actor(session, InstitutionKind.BANK, institution=bank) for _ in range(2))
        broker = an_actor(session, InstitutionKind.AGENCY, institution=agency)
        lot = a_lot(session, bank)
        waiting = []
        for _ in range(OFFERS):
            mandate = a_mandate(session, agency, an_institution(session, InstitutionKind.BUYER))
            offer = offers.make(
                session,
                broker,
                mandate_id=mandate.id,
                lot_id=lot.id,
                price_minor=13_000_000,
                expires_at=clock() + timedelta(days=1),
            )
            offers.accept(session, officer, offer.id)
            waiting.append(offer.id)

    start, outcomes = threading.Barrier(OFFERS), []

    def approve(offer_id: object) -> None:
        with app.app_context():
            start.wait()
            try:
                with atomic() as own:
                    offers.approve(own, approver, offer_id)  # type: ignore[arg-type]
                outcomes.append("agreed")
            except Conflict as conflict:
                outcomes.append(str(conflict.reason))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=approve, args=(offer_id,)) for offer_id in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    session.rollback()
    session.expire_all()
    assert sorted(outcomes) == ["agreed"] + ["lot_has_a_deal"] * (OFFERS - 1)
    assert session.scalar(select(func.count()).select_from(Deal)) == 1
    assert session.get_one(type(lot), lot.id).status is LotStatus.RESERVED
