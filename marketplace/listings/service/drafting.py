"""A lot on its way to the market: drafted by one person, approved by another, published as approved."""

import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, Subject, Verb, may, require
from marketplace.errors import Conflict, Refused
from marketplace.listings import queries
from marketplace.listings.content import content_hash
from marketplace.listings.fees.service import fix
from marketplace.listings.models import Lot
from marketplace.listings.priority.service import require_notified
from marketplace.listings.rules import EDITABLE, FOR_SALE, ListingReason, LotStatus
from marketplace.listings.service.moves import move
from marketplace.listings.terms import LotTerms, check_consent, check_draft, check_ready
from marketplace.listings.wholes import WholeReason, check_unchanged
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.rule_packs import load
from marketplace.status import StatusReason


def draft(
    session: Session,
    actor: Actor,
    terms: LotTerms,
    *,
    right_ids: Collection[uuid.UUID],
    case_id: uuid.UUID | None = None,
    parts: Collection[Lot] = (),
) -> Lot:
    """Make a lot of some of the bank's rights; `parts` are the lots of which it is the whole.

    Raises:
        Refused: a term is outside its rule pack's limits, the reference is taken, a right is in another lot.
        NotFound, NotAllowed: as `access.require`; a right or case of another bank is not found.
    """
    require(actor, Verb.DRAFT_LOT, Subject(owner_id=actor.institution_id))
    now = clock.now()
    lot = Lot(institution_id=actor.institution_id, drafted_at=now, changed_at=now, round=1)
    _fill(session, lot, actor, terms, right_ids=right_ids, case_id=case_id, kin=parts)
    session.add(lot)
    session.flush()
    _record(session, actor, "listings.draft", lot)
    return lot


def edit(
    session: Session,
    actor: Actor,
    lot_id: uuid.UUID,
    terms: LotTerms,
    *,
    right_ids: Collection[uuid.UUID],
    case_id: uuid.UUID | None = None,
) -> Lot:
    """Change a draft, or take a submitted, approved or unsold lot back to draft with other terms.

    Raises:
        Conflict: the lot is published, sold or withdrawn.
        Refused, NotFound, NotAllowed: as `draft`.
    """
    lot = _lock_own(session, actor, Verb.DRAFT_LOT, lot_id)
    if lot.status not in EDITABLE:
        raise Conflict(StatusReason.MOVE_NOT_ALLOWED, old=lot.status, new=LotStatus.DRAFTED)
    kin = queries.kin_of(session, lot)
    if kin:
        same_rights = {right.id for right in lot.rights} == set(right_ids)
        same_case = lot.default_case_id == case_id
        check_unchanged(queries.terms_of(lot), terms, same_rights=same_rights, same_case=same_case)
    _fill(session, lot, actor, terms, right_ids=right_ids, case_id=case_id, kin=kin)
    if lot.status is not LotStatus.DRAFTED:
        move(session, lot, LotStatus.DRAFTED, "listings.redraft", actor=actor)
    lot.changed_at, lot.content_hash, lot.checker_id = clock.now(), "", None
    _record(session, actor, "listings.edit", lot)
    return lot


def submit(session: Session, actor: Actor, lot_id: uuid.UUID) -> Lot:
    """Put a draft before a second person. What is submitted is sealed by its hash.

    Raises:
        Refused: something needed is missing, or a limit of the rule pack is broken.
        Conflict: the lot is not a draft.
    """
    lot = _lock_own(session, actor, Verb.DRAFT_LOT, lot_id)
    _require_ready(lot)
    move(session, lot, LotStatus.SUBMITTED, "listings.submit", actor=actor)
    lot.maker_id, lot.content_hash = actor.person_id, content_hash(lot)
    _tell(session, lot, NoticeKind.LOT_SUBMITTED)
    return lot


def approve(session: Session, actor: Actor, lot_id: uuid.UUID, *, seen_hash: str) -> Lot:
    """Approve as a second person exactly the content that was looked at.

    Raises:
        Refused: the approver submitted the lot himself, or it breaks a limit by now.
        Conflict: the content is not what the approver saw (`seen_hash`), or the lot is not submitted.
    """
    lot = _lock_own(session, actor, Verb.APPROVE_LOT, lot_id)
    if lot.status is LotStatus.SUBMITTED and actor.person_id == lot.maker_id:
        raise Refused(ListingReason.MAKER_IS_CHECKER)
    if not (seen_hash == lot.content_hash == content_hash(lot)):
        raise Conflict(ListingReason.CONTENT_CHANGED)
    _require_ready(lot)
    move(session, lot, LotStatus.APPROVED, "listings.approve", actor=actor, content=lot.content_hash)
    lot.checker_id = actor.person_id
    _tell(session, lot, NoticeKind.LOT_APPROVED)
    return lot


def send_back(session: Session, actor: Actor, lot_id: uuid.UUID, *, reason: str) -> Lot:
    """Give a submitted lot back to its maker with a reason.

    Raises:
        Refused: no reason is given.
        Conflict: the lot is not submitted.
    """
    lot = _lock_own(session, actor, Verb.APPROVE_LOT, lot_id)
    if lot.status is not LotStatus.SUBMITTED:
        raise Conflict(StatusReason.MOVE_NOT_ALLOWED, old=lot.status, new=LotStatus.DRAFTED)
    move(session, lot, LotStatus.DRAFTED, "listings.send_back", actor=actor, reason=_reason(reason))
    lot.content_hash = ""
    _tell(session, lot, NoticeKind.LOT_RETURNED)
    return lot


def publish(session: Session, actor: Actor, lot_id: uuid.UUID) -> Lot:
    """Show an approved lot to everybody, if it is still what was approved and the notice is long enough.

    Raises:
        Refused: the opening is too near by now, another limit is broken, or a holder of a right of first
            refusal was not notified in time.
        Conflict: the content has changed since the approval, or the lot is not approved.
    """
    verb = Verb.DRAFT_LOT if may(actor, Verb.DRAFT_LOT) else Verb.APPROVE_LOT
    lot = _lock_own(session, actor, verb, lot_id)
    if lot.status is LotStatus.APPROVED and lot.content_hash != content_hash(lot):
        raise Conflict(ListingReason.CONTENT_CHANGED)
    _require_ready(lot)
    require_notified(session, lot)
    fix(session, lot, clock.now())
    move(session, lot, LotStatus.PUBLISHED, "listings.publish", actor=actor, content=lot.content_hash)
    lot.published_at = lot.changed_at
    return lot


def withdraw(session: Session, actor: Actor, lot_id: uuid.UUID, *, reason: str) -> Lot:
    """Take a lot that was never on the market off for good, with a reason that stays in the record.

    Raises:
        Refused: no reason is given.
        Conflict: the lot is being sold, sold or withdrawn, or is part of a whole; one on the market needs two
            persons (`auctions.procedure`).
    """
    lot = _lock_own(session, actor, Verb.DRAFT_LOT, lot_id)
    if lot.status is LotStatus.RESERVED:
        raise Conflict(ListingReason.SALE_RUNNING)
    if lot.status in FOR_SALE:
        raise Conflict(ListingReason.TWO_PERSONS_WITHDRAW)
    if lot.part_of_id is not None and queries.kin_of(session, lot):
        raise Conflict(WholeReason.WITHDRAW_WHOLE_FIRST)
    move(session, lot, LotStatus.WITHDRAWN, "listings.withdraw", actor=actor, reason=_reason(reason))
    return lot


def _tell(session: Session, lot: Lot, kind: NoticeKind) -> None:
    notify(
        session, lot.institution_id, kind, f"/portfolio/lots/{lot.id}", title=lot.title, due_at=lot.opens_at
    )


def _lock_own(session: Session, actor: Actor, verb: Verb, lot_id: uuid.UUID) -> Lot:
    lot = queries.lock_lot(session, lot_id)
    require(actor, verb, Subject(owner_id=lot.institution_id))
    return lot


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused(ListingReason.REASON_NEEDED, field="reason")
    return text.strip()[:500]


def _require_ready(lot: Lot) -> None:
    """Raise the first thing that stands in the lot's way; a page shows them all (`check_ready`)."""
    pack = load(lot.rule_pack, lot.rule_pack_version)
    position = queries.position_on_ladder(lot)
    terms, rights = queries.terms_of(lot), len(lot.rights)
    problems = check_ready(terms, pack, rights=rights, now=clock.now(), position=position)
    if problems:
        raise problems[0]


def _check_unchanged(lot: Lot, terms: LotTerms) -> None:
    """Once a lot has been on the market, what the limits of the next attempt are measured by stays."""
    for name in ("rule_pack", "currency", "reference_price_minor") if lot.published_at else ():
        if getattr(lot, name) != getattr(terms, name):
            raise Refused(ListingReason.FIXED_BY_EARLIER_ATTEMPT, field=name)


def _fill(
    session: Session,
    lot: Lot,
    actor: Actor,
    terms: LotTerms,
    *,
    right_ids: Collection[uuid.UUID],
    case_id: uuid.UUID | None,
    kin: Collection[Lot],
) -> None:
    """Set terms, rights and case of a lot; the version of its rule pack is the newest at this moment."""
    pack = load(terms.rule_pack)
    _check_unchanged(lot, terms)
    tier = check_consent(terms.consent_tier, pack)
    for refused in check_draft(terms, pack, position=queries.position_on_ladder(lot)):
        raise refused
    if queries.reference_taken(session, actor.institution_id, terms.reference, except_for=lot.id):
        raise Refused(ListingReason.REFERENCE_TAKEN, field="reference")
    rights = queries.own_rights(session, actor.institution_id, right_ids)
    case = queries.own_case(session, actor.institution_id, case_id) if case_id else None
    related = {found.id for found in (lot, *kin) if found.id}
    taken = queries.lot_of_another(session, {right.id for right in rights}, except_for=related)
    if taken is not None:
        number, reference = taken
        reason = ListingReason.RIGHT_IN_ANOTHER_LOT
        raise Refused(reason, field="right_ids", number=number, reference=reference)
    # Claims of others may be in another currency: they are settled at a rate of the day.
    if case is not None and case.currency != terms.currency:
        raise Refused(ListingReason.CURRENCY_DIFFERS, field="currency", currency=case.currency)
    for name, value in queries.term_values(terms).items():
        setattr(lot, name, value)
    lot.consent_tier = tier
    lot.rule_pack_version, lot.rights, lot.default_case = pack.version, rights, case
    lot.maker_id = actor.person_id


def _record(session: Session, actor: Actor, act: str, lot: Lot) -> None:
    audit.record(
        session,
        act,
        lot.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reference=lot.reference,
        rights=len(lot.rights),
    )
