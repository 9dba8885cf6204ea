"""Who takes part in an estimate contest, and how its lot is sold."""

from collections.abc import Callable

from builders import a_person, actor_for, an_institution
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind
from marketplace.db import atomic
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution, Person
from transactions import service as record
from transactions.contest import service
from transactions.contest.rules import Range

from .sale_builders import a_completed_deal

AGENCY, BANK, BUYER = InstitutionKind.AGENCY, InstitutionKind.BANK, InstitutionKind.BUYER
PRICE = 13_000_000


def somebody(
    session: Session, kind: InstitutionKind = AGENCY, name: str | None = None
) -> tuple[Actor, Person]:
    institution = an_institution(session, kind, name)
    person = a_person(session, institution, "Ann")
    return actor_for(person, institution), person


def estimate(actor: Actor, lot: Lot, value: int, spread: int = 2) -> service.Filed:
    with atomic() as session:
        return service.file_estimate(
            session, actor, lot.id, Range(value, value // spread, value * spread), "by comparables"
        )


def run_down(*jobs: Callable[[Session], bool]) -> None:
    for job in jobs:
        for _ in range(20):
            with atomic() as session:
                if not job(session):
                    break


def sell(lot: Lot, price: int = PRICE, buyer: Institution | None = None) -> None:
    with atomic() as session:
        a_completed_deal(session, lot=session.get_one(Lot, lot.id), price_minor=price, buyer=buyer)
    run_down(record.record_due, service.open_due)
