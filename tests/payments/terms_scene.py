"""A private sale of the scene's lot, and the terms under which it is settled."""

from datetime import timedelta

from builders import an_actor, an_institution, signed_in
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import db
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource
from marketplace.listings.fees.models import PlatformTerms
from marketplace.listings.fees.rules import Terms
from marketplace.listings.fees.service import answer_terms, fix, propose_terms
from marketplace.parties.models import Person
from payments.models import Settlement

from .scene import (
    Scene,
)

PRICE = 10_000_033


def a_deal(session: Session, scene: Scene, clock: FixedClock, price: int = PRICE) -> Deal:
    """A private sale of the scene's lot."""
    return deals.agree(
        session,
        lot=scene.lot,
        source=DealSource.OFFER,
        source_id=scene.lot.id,
        buyer_id=an_institution(session, InstitutionKind.BUYER).id,
        price_minor=price,
        mandate_id=None,
        pay_by=clock.moment + timedelta(days=15),
    )


def terms_in_force(session: Session, scene: Scene, terms: Terms, pack: str = "cn-bank") -> PlatformTerms:
    row = propose_terms(
        session, scene.olga, terms, rule_pack=pack, currency="CNY", effective_from=None, reason="2026"
    )
    return answer_terms(session, scene.otto, row.id, agreed=True, answer="as proposed")


def fix_anew(session: Session, scene: Scene, clock: FixedClock) -> None:
    """The lot as if it were published now."""
    published, scene.lot.published_at = scene.lot.published_at, None
    fix(session, scene.lot, clock.moment)
    scene.lot.published_at = max(published or clock.moment, clock.moment)


def checker_of(session: Session, scene: Scene) -> Actor:
    return an_actor(
        session, InstitutionKind.BANK, frozenset({Role.APPROVER}), institution=scene.lot.institution
    )


def settled(session: Session) -> Settlement:
    return session.scalars(select(Settlement)).one()


def sign_in(client: FlaskClient, actor: Actor) -> None:
    signed_in(client, db.session.get_one(Person, actor.person_id))
