"""A bank with a lot and somebody who holds a right of first refusal in it."""

from datetime import timedelta
from typing import Any

from builders import a_lot, a_person, actor_for, an_actor, an_institution
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.listings.priority import service
from marketplace.listings.priority.models import NoticeOfSale, PriorityHolder
from marketplace.listings.priority.rules import HolderKind, ServiceMethod
from marketplace.listings.rules import LotStatus

BANK, BUYER = InstitutionKind.BANK, InstitutionKind.BUYER


class PriorityCast:
    """Alice prepares and Amy approves at a bank; Mallory is of another bank; Xu Lin invented."""

    def __init__(self, session: Session, **lot_changes: Any) -> None:
        self.session, self.bank = session, an_institution(session, BANK)
        self.alice = self.person(Role.OFFICER)
        self.amy = self.person(Role.APPROVER)
        self.mallory = an_actor(session, BANK)
        changes: dict[str, Any] = {
            "rule_pack": "cn-court",
            "status": LotStatus.PUBLISHED,
            "published_at": clock.now() - timedelta(days=60),
            "reserve_minor": None,
            "start_price_minor": 80_000_000,
            "reference_price_minor": 100_000_000,
            "deposit_minor": 8_000_000,
            "increment_minor": 1_000_000,
        }
        self.lot = a_lot(session, self.bank, **(changes | lot_changes))

    def person(self, role: Role) -> Actor:
        return actor_for(a_person(self.session, self.bank, role, frozenset({role})), self.bank)

    def entered(self, name: str = "Xu Lin", order: int = 1, number: str = "") -> PriorityHolder:
        entry = service.Entry(
            kind=HolderKind.INVENTOR,
            name=name,
            order=order,
            basis="民法典 art. 847",
            registration_number=number,
        )
        return service.enter(self.session, self.alice, self.lot.id, entry)

    def holder(self, name: str = "Xu Lin", order: int = 1, number: str = "") -> PriorityHolder:
        """Entered by Alice and confirmed by Amy."""
        return service.confirm_holder(self.session, self.amy, self.entered(name, order, number).id)

    def served(self, holder: PriorityHolder, how: ServiceMethod = ServiceMethod.POST) -> NoticeOfSale:
        """A notice that Alice records and Amy confirms now."""
        text = "A patent is to be sold; turn to the bank." if how is ServiceMethod.PUBLIC else ""
        given = service.Service(
            how=how, at=clock.now(), document="EMS 1", public_text=text, unreachable=text and "moved away"
        )
        notice = service.serve(self.session, self.alice, holder.id, given)
        return service.confirm_notice(self.session, self.amy, notice.id)

    def told(self, name: str = "Xu Lin", order: int = 1, number: str = "") -> PriorityHolder:
        """A holder who was notified now."""
        holder = self.holder(name, order, number)
        self.served(holder)
        return holder
