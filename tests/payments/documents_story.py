"""A lot sold, paid, transferred and settled, with what the worker then issues."""

from dataclasses import dataclass
from typing import Any

from builders import a_mandate, an_actor, an_institution
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from payments.documents import invariants, service
from payments.documents.models import Document
from payments.documents.rules import DocumentKind

from .scene import (
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    hold_by_bank,
    open_auction,
    pay_out_everything,
    payment_of,
    receive,
    transfer,
    work,
)


@dataclass(frozen=True)
class Story:
    """Who took part: Carol won, Dave lost, Bob's agency sold for the bank."""

    scene: Scene
    carol: Actor
    dave: Actor
    bob: Actor
    deal: Deal


def a_story(clock: FixedClock, price: str = "150000.00", **changes: Any) -> Story:
    """An auction that Carol wins at this price; `changes` are the lot's."""
    with atomic() as session:
        scene = a_scene(session, **changes)
        agency = an_institution(session, InstitutionKind.AGENCY)
        a_mandate(session, agency, scene.lot.institution, commission_basis_points=300)
        bob = an_actor(session, InstitutionKind.AGENCY, institution=agency)
        carol, carols = a_bidder(session, scene)
        dave, daves = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols, daves)
    open_auction(scene, clock)
    bid(scene, dave, "100000.00")
    bid(scene, carol, price)
    close_auction(scene, clock)
    with atomic() as session:
        deal = deal_of(session, scene)
    return Story(scene, carol, dave, bob, deal)


def paid(story: Story) -> Story:
    """Carol pays what is left of the price."""
    with atomic() as session:
        payment = payment_of(session, story.deal)
    receive(story.scene, payment, payment.amount_minor)
    work()
    return story


def settled(story: Story) -> Story:
    """Title is transferred and the price distributed."""
    transfer(paid(story).scene, story.deal)
    work()
    return story


def paid_out(story: Story, clock: FixedClock) -> Story:
    """Everybody has got the money."""
    settled(story)
    clock.advance(days=60)
    pay_out_everything(story.scene)
    return story


def issue() -> int:
    """What the worker does about documents, until nothing is due; then every invariant is asked."""
    done = 0
    with atomic() as session:
        while service.issue_due(session):
            done += 1
            assert done < 100, "documents never come to rest"
    assert broken() == {}
    return done


def broken() -> dict[str, list[str]]:
    with atomic() as session:
        return {name: found for name, question in invariants.CHECKS if (found := question(session))}


def documents(session: Session, kind: DocumentKind | None = None) -> list[Document]:
    statement = select(Document).order_by(Document.issued_at, Document.number)
    if kind is not None:
        statement = statement.where(Document.kind == kind)
    return list(session.scalars(statement))


def kinds(session: Session) -> dict[str, int]:
    """How many there are of each kind."""
    found: dict[str, int] = {}
    for document in documents(session):
        found[str(document.kind)] = found.get(str(document.kind), 0) + 1
    return found
