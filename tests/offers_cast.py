"""The cast of mandates and offers: a bank with a lot, a buyer, an agency of each side, and Mallory."""

from datetime import timedelta
from typing import Any

from builders import a_lot, a_mandate, a_person, actor_for, an_actor, an_institution
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.deals.models import Mandate, Offer
from marketplace.deals.service import offers
from marketplace.parties.models import Institution

BANK, BUYER, AGENCY = InstitutionKind.BANK, InstitutionKind.BUYER, InstitutionKind.AGENCY


class Cast:
    """A bank with a lot, a buyer, an agency of each side, and Mallory of another bank."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.bank, self.buyer = an_institution(session, BANK), an_institution(session, BUYER)
        self.agency, self.sellers_agency = an_institution(session, AGENCY), an_institution(session, AGENCY)
        self.alice = self.person(self.bank, Role.OFFICER)
        self.amy = self.person(self.bank, Role.APPROVER)
        self.carol = self.person(self.buyer, Role.APPROVER)
        self.bob = self.person(self.agency, Role.OFFICER)
        self.ben = self.person(self.sellers_agency, Role.OFFICER)
        self.mallory = an_actor(session, BANK)
        self.lot = a_lot(session, self.bank)
        self.buying = a_mandate(session, self.agency, self.buyer)
        self.selling = a_mandate(session, self.sellers_agency, self.bank)

    def person(self, institution: Institution, role: Role) -> Actor:
        return actor_for(a_person(self.session, institution, role, frozenset({role})), institution)

    def offer(self, actor: Actor | None = None, mandate: Mandate | None = None, **changes: Any) -> Offer:
        values: dict[str, Any] = {
            "mandate_id": (mandate or self.buying).id,
            "lot_id": self.lot.id,
            "price_minor": 13_000_000,
            "expires_at": self.lot.changed_at + timedelta(days=10),
        }
        return offers.make(self.session, actor or self.bob, **(values | changes))
