"""What happens to a sale that is disputed: notices come, the dispute is lost, two persons decide."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from stripe_fake import StripeFake

from marketplace.db import atomic
from marketplace.errors import NotAllowed
from payments.disputes import invariants
from payments.disputes import service as disputes
from payments.disputes.models import Debt, Dispute
from payments.disputes.rules import DebtStatus, DecisionKind
from payments.gateways import registry

from .card_scene import poster
from .paid import Sale
from .scene import work


def settle_notices(sale: Sale, app: Flask, fake: StripeFake, copies: int = 1) -> None:
    """The gateway's notices arrive, and the worker looks up what they speak of."""
    registry.install(app, sale.known)
    assert set(fake.deliver(poster(app.test_client()), copies=copies)) <= {200}
    work(sale.known)
    with atomic() as session:
        assert {name: found for name, ask in invariants.CHECKS if (found := ask(session))} == {}


def only_dispute(session: Session) -> Dispute:
    return session.scalars(select(Dispute)).one()


def only_debt(session: Session) -> Debt:
    return session.scalars(select(Debt).where(Debt.status == DebtStatus.OPEN)).one()


def lost(sale: Sale, app: Flask, fake: StripeFake) -> None:
    dispute_id = fake.dispute(sale.payment.gateway_object)
    settle_notices(sale, app, fake)
    fake.decide(dispute_id, won=False)
    settle_notices(sale, app, fake)


def decide(sale: Sale, kind: DecisionKind, debt: Debt) -> None:
    """Olga proposes, Otto approves."""
    with atomic() as session:
        decision = disputes.propose_about_debt(session, sale.scene.olga, kind, debt.id, reason="Not found")
    with pytest.raises(NotAllowed), atomic() as session:
        disputes.approve(session, sale.scene.olga, decision.id, "myself")
    with atomic() as session:
        disputes.approve(session, sale.scene.otto, decision.id, "agreed")
    work(sale.known)
