"""Rights of first refusal: who holds one, from when a notice counts, what a sale waits for. Pure.

Rules: 法释〔2016〕18号 art. 16 (notice, public notice, waiver by absence), arts. 19 and 21 (order), art. 27
(who decides); the numbers are the rule pack's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.errors import Refused
from marketplace.rule_packs import Pack
from marketplace.status import Moves


class HolderKind(StrEnum):
    CO_OWNER = "co_owner"
    INVENTOR = "inventor"
    COMMISSIONING_PARTY = "commissioning_party"
    LICENSEE = "licensee"
    OTHER = "other"


# Where the law itself gives the right: to who completed a service invention, to who commissioned the
# development, and to who developed jointly. A licensee, or a co-owner who did not develop, holds one by
# contract only, so the bank has to name that contract.
STATUTES = {
    HolderKind.INVENTOR: "民法典 art. 847",
    HolderKind.COMMISSIONING_PARTY: "民法典 art. 859",
    HolderKind.CO_OWNER: "民法典 art. 860",
}


class HolderStatus(StrEnum):
    TO_NOTIFY = "to_notify"
    NOTIFIED = "notified"
    TAKES_PART = "takes_part"
    WAIVED = "waived"
    ABSENT = "absent"
    REMOVED = "removed"


# A holder who was absent, or took part in vain, may be notified anew of the next attempt; an express waiver
# and an entry struck out stay.
HOLDER_MOVES: Moves[HolderStatus] = {
    HolderStatus.TO_NOTIFY: frozenset({HolderStatus.NOTIFIED, HolderStatus.WAIVED, HolderStatus.REMOVED}),
    HolderStatus.NOTIFIED: frozenset(
        {
            HolderStatus.NOTIFIED,
            HolderStatus.TAKES_PART,
            HolderStatus.WAIVED,
            HolderStatus.ABSENT,
            HolderStatus.REMOVED,
        }
    ),
    HolderStatus.TAKES_PART: frozenset({HolderStatus.NOTIFIED, HolderStatus.ABSENT}),
    HolderStatus.ABSENT: frozenset({HolderStatus.NOTIFIED, HolderStatus.WAIVED}),
    HolderStatus.WAIVED: frozenset(),
    HolderStatus.REMOVED: frozenset(),
}

# Whose right is over, for this lot or for the attempt that has ended.
WITHOUT_RIGHT = frozenset({HolderStatus.WAIVED, HolderStatus.ABSENT, HolderStatus.REMOVED})


class ServiceMethod(StrEnum):
    """How a notice reaches its addressee; PUBLIC only where none of the others does."""

    IN_PERSON = "in_person"
    POST = "post"
    EMAIL = "email"
    COURT = "court"
    PUBLIC = "public"


class PriorityReason(StrEnum):
    HOLDER_NOT_CONFIRMED = "holder_not_confirmed"
    HOLDER_NOT_NOTIFIED = "holder_not_notified"
    NOTICE_NOT_CONFIRMED = "notice_not_confirmed"
    NOTICE_NOT_IN_EFFECT = "notice_not_in_effect"
    NOTICE_TOO_LATE = "notice_too_late"
    BASIS_MISSING = "basis_missing"
    NAME_MISSING = "name_missing"
    ORDER_OUT_OF_RANGE = "order_out_of_range"
    PROOF_MISSING = "proof_missing"
    SERVED_IN_THE_FUTURE = "served_in_the_future"
    UNREACHABLE_UNEXPLAINED = "unreachable_unexplained"
    PUBLIC_TEXT_MISSING = "public_text_missing"
    SECOND_PERSON_NEEDED = "second_person_needed"
    INSTITUTION_UNKNOWN = "institution_unknown"
    CONFIRMED_ALREADY = "confirmed_already"
    TAKES_PART_ALREADY = "takes_part_already"
    TOO_MANY_HOLDERS = "too_many_holders"
    LOT_IS_OVER = "lot_is_over"


WEAKEST_ORDER = 99
MOST_HOLDERS = 50


@dataclass(frozen=True, slots=True)
class Served:
    """One notice of sale.

    Attributes:
        at: when it reached its addressee; for a public notice, when it appeared.
        confirmed: whether a second person has looked at the proof, or the pack does not ask for one.
    """

    how: ServiceMethod
    at: datetime
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder as the rules see one; `confirmed` as in `Served`, of the entry itself."""

    name: str
    status: HolderStatus
    order: int
    confirmed: bool = True
    notices: tuple[Served, ...] = ()


def two_persons(pack: Pack) -> bool:
    """Whether entries, proofs of service and waivers need a second person under this pack."""
    return pack.priority_two_persons is not None and pack.priority_two_persons.value


def effective_at(notice: Served, pack: Pack) -> datetime:
    """From when a notice counts as received: at once, or so many days after it was made public (art. 16)."""
    days = pack.priority_public_notice_days
    if notice.how is not ServiceMethod.PUBLIC or days is None:
        return notice.at
    return notice.at + timedelta(days=days.value)


def announce_from(notice: Served, pack: Pack) -> datetime:
    """From when the sale may be announced after this notice (art. 16: days before the announcement)."""
    days = pack.priority_notice_days
    return effective_at(notice, pack) + timedelta(days=days.value if days else 0)


def order_of(holder: Holder) -> int | None:
    """The order of a bidder who is this holder; None where the right is over or nobody has confirmed it."""
    return holder.order if holder.confirmed and holder.status not in WITHOUT_RIGHT else None


def obstacles(
    holders: Iterable[Holder], pack: Pack, *, now: datetime, since: datetime | None = None
) -> list[Refused]:
    """Why the sale may not be announced at `now`: one refusal per holder, who is named in it.

    `since` is the end of the attempt before: a notice of that one does not announce this one. The days
    before the announcement stop a sale only where they are law; that a holder heard of it at all always does.
    """
    asked = (holder for holder in holders if holder.status not in _HEARD_ENOUGH)
    found = (_obstacle(holder, pack, now, since) for holder in asked)
    return [refused for refused in found if refused is not None]


# Who needs no notice: an express waiver holds for the lot, an entry struck out is none.
_HEARD_ENOUGH = frozenset({HolderStatus.WAIVED, HolderStatus.REMOVED})


def _obstacle(holder: Holder, pack: Pack, now: datetime, since: datetime | None) -> Refused | None:
    days = pack.priority_notice_days
    article = days.source if days else ""
    if not holder.confirmed:
        return Refused(PriorityReason.HOLDER_NOT_CONFIRMED, name=holder.name)
    notices = [notice for notice in holder.notices if since is None or notice.at > since]
    if not notices:
        return Refused(PriorityReason.HOLDER_NOT_NOTIFIED, name=holder.name, article=article)
    confirmed = [notice for notice in notices if notice.confirmed]
    if not confirmed:
        return Refused(PriorityReason.NOTICE_NOT_CONFIRMED, name=holder.name)
    return _too_early(holder.name, confirmed, pack, now)


def _too_early(name: str, notices: Sequence[Served], pack: Pack, now: datetime) -> Refused | None:
    """The first notice that counts is the one that matters; a later reminder sets nothing back."""
    first = min(notices, key=lambda notice: effective_at(notice, pack))
    effective, days = effective_at(first, pack), pack.priority_notice_days
    if effective > now:
        public = pack.priority_public_notice_days
        source = public.source if public else ""
        return Refused(PriorityReason.NOTICE_NOT_IN_EFFECT, name=name, moment=effective, article=source)
    allowed = announce_from(first, pack)
    if days is not None and days.is_law and allowed > now:
        return Refused(PriorityReason.NOTICE_TOO_LATE, name=name, moment=allowed, article=days.source)
    return None


def deemed_waived(status: HolderStatus, *, has_bid: bool) -> bool:
    """Whether a holder lost the right by the end of an auction: told of it, and no bid (art. 16)."""
    return status in {HolderStatus.NOTIFIED, HolderStatus.TAKES_PART} and not has_bid


def check_entry(name: str, order: int, basis: str) -> None:
    """Refuse an entry without a name or order, and one that does not say where the right comes from."""
    if not name.strip():
        raise Refused(PriorityReason.NAME_MISSING, field="name")
    if not 1 <= order <= WEAKEST_ORDER:
        raise Refused(PriorityReason.ORDER_OUT_OF_RANGE, field="order", most=WEAKEST_ORDER)
    if not basis.strip():
        raise Refused(PriorityReason.BASIS_MISSING, field="basis")


def check_notice(
    how: ServiceMethod, at: datetime, *, document: str, public_text: str, unreachable: str, now: datetime
) -> None:
    """Refuse a service without its proof, and a public notice without its text and its reason (art. 16)."""
    if how is ServiceMethod.PUBLIC:
        if not unreachable.strip():
            raise Refused(PriorityReason.UNREACHABLE_UNEXPLAINED, field="unreachable")
        if not public_text.strip():
            raise Refused(PriorityReason.PUBLIC_TEXT_MISSING, field="public_text")
        return
    if not document.strip():
        raise Refused(PriorityReason.PROOF_MISSING, field="document")
    if at > now:
        raise Refused(PriorityReason.SERVED_IN_THE_FUTURE, field="at")
