"""Keeping what says how good a right is."""

import uuid
from dataclasses import asdict

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.access import Actor, Subject, Verb, require
from marketplace.rights import queries
from marketplace.rights.models import Right
from marketplace.rights.particulars import Particulars, check_particulars


def state_particulars(session: Session, actor: Actor, right_id: uuid.UUID, particulars: Particulars) -> Right:
    """Keep what an officer of the bank has looked up about a right of its own.

    Raises:
        Refused: naming the field.
        NotFound, NotAllowed: no such right of the bank; as `access.require`.
    """
    right = queries.lock_own_right(session, actor.institution_id, right_id)
    require(actor, Verb.IMPORT_PORTFOLIO, Subject(owner_id=right.institution_id))
    check_particulars(particulars)
    if particulars == right.particulars:
        return right
    before = right.particulars
    write_particulars(right, particulars)
    audit.record(
        session,
        "rights.state_particulars",
        right.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        before=_plain(before),
        after=_plain(particulars),
    )
    return right


def write_particulars(right: Right, particulars: Particulars) -> None:
    """Write checked particulars into a right."""
    for name, value in asdict(particulars).items():
        setattr(right, name, list(value) if name == "legal_events" else value)


def _plain(particulars: Particulars) -> dict[str, object]:
    return asdict(particulars) | {"legal_events": list(particulars.legal_events)}
