"""Where an institution is, and which company stands at the top of its group."""

import uuid

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.parties import names
from marketplace.parties.models import Institution
from marketplace.parties.queries import lock_institution
from marketplace.parties.rules import Reason


def state_group(
    session: Session, actor: Actor, *, region: str, parent_country: str, parent_number: str
) -> Institution:
    """An administrator states where the institution is and which company stands at the top of its group.

    Raises:
        Refused: the region or the number has not the form of its country, or the parent is itself.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.MANAGE_PEOPLE, Subject(owner_id=actor.institution_id))
    institution = lock_institution(session, actor.institution_id)
    before = institution.region, institution.parent_country, institution.parent_number
    institution.region = names.clean_region(institution.country, region)
    institution.parent_country, institution.parent_number = _parent(
        institution, parent_country, parent_number
    )
    if institution.region != before[0]:
        institution.region_stated_at = clock.now()
    if (institution.parent_country, institution.parent_number) != before[1:]:
        institution.parent_confirmed_at = None
    after = institution.region, institution.parent_country, institution.parent_number
    if after != before:
        audit.record(
            session,
            "parties.state_group",
            institution.id,
            person_id=actor.person_id,
            institution_id=actor.institution_id,
            before=" ".join(before),
            after=" ".join(after),
        )
    return institution


def confirm_parent(session: Session, actor: Actor, institution_id: uuid.UUID, number: str) -> Institution:
    """The operator has found in the register that this company stands at the top of the institution's group.

    Raises:
        Conflict: the institution states another one by now, or none, or it is confirmed already.
        NotFound, NotAllowed: no such institution; as `access.require`.
    """
    require(actor, Verb.VERIFY_INSTITUTION, Subject(owner_id=institution_id))
    institution, now = lock_institution(session, institution_id), clock.now()
    stated = institution.parent_number
    if not stated or stated != number or institution.parent_confirmed_at is not None:
        raise Conflict(Reason.PARENT_CHANGED)
    institution.parent_confirmed_at = now
    audit.record(
        session,
        "parties.confirm_parent",
        institution.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        parent=f"{institution.parent_country} {stated}",
    )
    return institution


def _parent(institution: Institution, country: str, text: str) -> tuple[str, str]:
    if not text.strip():
        return "", ""
    try:
        number = names.clean_registration_number(country, text)
    except Refused as refused:
        raise Refused(refused.reason, field="parent_number") from None
    if (country, number) == (institution.country, institution.registration_number):
        raise Refused(Reason.OWN_PARENT, field="parent_number")
    return country, number
