"""What must be true of parties at every moment; each question returns the offenders, best none."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import Role
from marketplace.parties.models import Institution, Person, SignIn
from marketplace.parties.names import name_key
from marketplace.parties.rules import InstitutionStatus

# A question stops here: more offenders would say no more.
OFFENDERS_LIMIT = 100


def names_have_their_skeleton(session: Session) -> list[str]:
    """Every institution is kept under the skeleton of its name, so that lookalikes collide."""
    rows = session.execute(select(Institution.name, Institution.name_key)).yield_per(1000)
    return [name for name, key in rows if name_key(name) != key][:OFFENDERS_LIMIT]


def verified_institutions_have_a_date(session: Session) -> list[str]:
    """Whoever may trade was verified at some moment."""
    undated = (Institution.status == InstitutionStatus.VERIFIED, Institution.verified_at.is_(None))
    return list(session.scalars(select(Institution.name).where(*undated).limit(OFFENDERS_LIMIT)))


def roles_are_known(session: Session) -> list[str]:
    """Nobody holds a role that the access table does not know."""
    rows = session.execute(select(Person.email, Person.roles)).yield_per(1000)
    known = {role.value for role in Role}
    return [email for email, roles in rows if not set(roles) <= known][:OFFENDERS_LIMIT]


def nobody_passed_without_a_second_factor(session: Session) -> list[str]:
    """An open sign-in that passed the second factor belongs to an active person who has one."""
    query = select(Person.email).join(SignIn, SignIn.person_id == Person.id)
    open_ones = (SignIn.ended_at.is_(None), SignIn.second_factor_at.is_not(None))
    lacking = (Person.second_factor_secret == "") | Person.active.is_(False)
    return list(session.scalars(query.where(*open_ones, lacking).distinct().limit(OFFENDERS_LIMIT)))


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("names have their skeleton", names_have_their_skeleton),
    ("verified institutions have a date", verified_institutions_have_a_date),
    ("roles are known", roles_are_known),
    ("nobody passed without a second factor", nobody_passed_without_a_second_factor),
)
