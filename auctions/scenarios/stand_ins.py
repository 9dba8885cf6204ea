"""Stand-ins for the officers who open sealed bids: throw-away keys, the real sealing, the real opening."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from nacl.public import PrivateKey
from sqlalchemy.orm import Session

from auctions.sealing import ceremony
from auctions.sealing.custody import add_key, confirm_key
from auctions.sealing.envelopes import text_of
from auctions.sealing.queries import custody_of
from auctions.service import contributing
from marketplace import clock
from marketplace.access import Actor, Role
from marketplace.parties.models import Institution, Person
from marketplace.parties.rules import InstitutionStatus

_LONG = timedelta(days=700)


@dataclass(frozen=True)
class StandIn:
    """An officer who holds a key pair in this process only."""

    actor: Actor
    private_key: PrivateKey

    def contribute(self, session: Session, auction_id: uuid.UUID) -> None:
        """Take the opening file, unlock this institution's shares, and bring them."""
        file = contributing.opening_file(session, self.actor, auction_id)
        contributing.contribute(session, self.actor, auction_id, ceremony.contribute(file, self.private_key))


def appoint_officer(session: Session, institution: Institution) -> StandIn:
    """Somebody of the institution with a new key that a colleague has confirmed."""
    holder, colleague = _person(session, institution, "holder"), _person(session, institution, "colleague")
    private, now = PrivateKey.generate(), clock.now()
    key = add_key(session, holder, text_of(bytes(private.public_key)), now, now + _LONG)
    confirm_key(session, colleague, key.id)
    return StandIn(holder, private)


def _person(session: Session, institution: Institution, name: str) -> Actor:
    person = Person(
        institution_id=institution.id,
        email=f"{name}.{uuid.uuid4().hex}@rehearsal.invalid",
        name=name,
        password_hash="!",  # noqa: S106 - verifies for nobody
        roles=[str(Role.OFFICER)],
        language="en",
        registered_at=clock.now(),
    )
    session.add(person)
    session.flush()
    verified = institution.status is InstitutionStatus.VERIFIED
    return Actor(person.id, institution.id, institution.kind, frozenset({Role.OFFICER}), verified)


def open_if_awaited(session: Session, officers: tuple[StandIn, ...], auction_id: uuid.UUID) -> None:
    """What officers do once bidding is over; nothing where no amount is sealed."""
    custody = custody_of(session, auction_id)
    if custody is not None and custody.closed_at is not None and custody.ended_at is None:
        for officer in officers:
            officer.contribute(session, auction_id)
