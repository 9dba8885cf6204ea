"""Offering lots together as well as apart: a whole is drafted of its parts."""

import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.access import Actor, Subject, Verb, require
from marketplace.listings import queries
from marketplace.listings.models import Lot
from marketplace.listings.service.drafting import draft
from marketplace.listings.terms import LotTerms
from marketplace.listings.wholes import Part, check_parts


def draft_whole(session: Session, actor: Actor, terms: LotTerms, *, part_ids: Collection[uuid.UUID]) -> Lot:
    """Make a lot of all rights of some of the bank's lots; those stay as they are, as its parts.

    Raises:
        Refused: a part is sold, runs, is in another whole already, or differs in case, currency, rule pack or
            way of selling; otherwise as `drafting.draft`.
        NotFound, NotAllowed: as `access.require`; a lot of another bank is not found.
    """
    parts = [queries.lock_lot(session, part_id) for part_id in sorted(set(part_ids))]
    for part in parts:
        require(actor, Verb.DRAFT_LOT, Subject(owner_id=part.institution_id))
    check_parts(
        [_as_part(session, part) for part in parts],
        currency=terms.currency,
        rule_pack=terms.rule_pack,
        auction_format=terms.auction_format,
    )
    rights = {right.id for part in parts for right in part.rights}
    case_id = parts[0].default_case_id
    whole = draft(session, actor, terms, right_ids=rights, case_id=case_id, parts=parts)
    for part in parts:
        part.part_of_id = whole.id
        audit.record(
            session,
            "listings.join",
            part.id,
            person_id=actor.person_id,
            institution_id=actor.institution_id,
            whole=str(whole.id),
        )
    return whole


def _as_part(session: Session, lot: Lot) -> Part:
    return Part(
        reference=lot.reference,
        status=lot.status,
        currency=lot.currency,
        rule_pack=lot.rule_pack,
        case=str(lot.default_case_id) if lot.default_case_id else None,
        auction_format=lot.auction_format,
        in_whole=bool(queries.kin_of(session, lot)),
    )
