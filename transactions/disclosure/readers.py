"""As whom somebody reads the record: from a sign-in to a reader, in this marketplace."""

import uuid

from flask import current_app
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind
from marketplace.config import Config
from marketplace.parties.models import Institution
from transactions.disclosure.rules import ANYBODY, Reader, ReaderKind
from transactions.sharing.parents import parent_token

_AUTHORITIES = {
    InstitutionKind.REGULATOR: ReaderKind.REGULATOR,
    InstitutionKind.OPERATOR: ReaderKind.OPERATOR,
}


def reader_of(session: Session, actor: Actor | None) -> Reader:
    """The reader that a signed-in person is; anybody for a visitor or an institution not verified."""
    if actor is None or not actor.verified:
        return ANYBODY
    return reader_of_institution(session, actor.institution_id)


def reader_of_institution(session: Session, institution_id: uuid.UUID) -> Reader:
    """The reader that an institution is.

    Its own is what it sold under the registration number or the parent that the operator has verified. One
    that it has only stated opens nothing: else whoever stated a competitor's would read that one's sales.
    """
    institution = session.get(Institution, institution_id)
    if institution is None:
        return ANYBODY
    settings: Config = current_app.extensions["settings"]
    marketplace = frozenset({settings.marketplace_name})
    kind = _AUTHORITIES.get(institution.kind, ReaderKind.OWN)
    if kind is not ReaderKind.OWN:
        return Reader(kind, marketplace)
    # What it sold before its parent was confirmed stands under its own number.
    own = (institution.country, institution.registration_number)
    tokens = {parent_token(settings, *parent) for parent in (own, institution.ultimate_parent)}
    return Reader(kind, marketplace, frozenset(tokens - {""}))


def name_of(institution_id: uuid.UUID) -> str:
    """Under which a read or a question of the institution is noted: its marketplace and its id."""
    settings: Config = current_app.extensions["settings"]
    return f"{settings.marketplace_name}:{institution_id}"
