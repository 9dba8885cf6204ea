"""When a notice counts, when a sale may be announced, and who has an order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as some

from marketplace.errors import Refused
from marketplace.listings.priority.rules import (
    HOLDER_MOVES,
    WITHOUT_RIGHT,
    Holder,
    HolderStatus,
    PriorityReason,
    Served,
    ServiceMethod,
    announce_from,
    check_entry,
    check_notice,
    deemed_waived,
    effective_at,
    obstacles,
    order_of,
    two_persons,
)
from marketplace.rule_packs import NAMES, load

COURT, BANK, OPEN = load("cn-court"), load("cn-bank"), load("open")
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
THREE, FIVE = timedelta(days=3), timedelta(days=5)
POST = Served(ServiceMethod.POST, AT)
PUBLIC = Served(ServiceMethod.PUBLIC, AT)
MOMENT = timedelta(microseconds=1)


def reasons(
    holder: Holder, now: datetime, pack: object = COURT, since: datetime | None = None
) -> list[object]:
    return [refused.reason for refused in obstacles([holder], pack, now=now, since=since)]  # type: ignore[arg-type]


def told(*notices: Served, status: HolderStatus = HolderStatus.NOTIFIED) -> Holder:
    return Holder("Xu Lin", status, 1, notices=notices)


def test_a_notice_by_post_lets_the_sale_be_announced_three_days_later() -> None:
    assert announce_from(POST, COURT) == AT + THREE
    assert reasons(told(POST), AT + THREE - MOMENT) == [PriorityReason.NOTICE_TOO_LATE]
    assert reasons(told(POST), AT + THREE) == []


def test_a_public_notice_counts_after_five_days_and_then_three_more_pass() -> None:
    assert effective_at(PUBLIC, COURT) == AT + FIVE
    assert reasons(told(PUBLIC), AT + FIVE - MOMENT) == [PriorityReason.NOTICE_NOT_IN_EFFECT]
    assert reasons(told(PUBLIC), AT + FIVE) == [PriorityReason.NOTICE_TOO_LATE]
    assert reasons(told(PUBLIC), AT + FIVE + THREE) == []


def test_the_refusal_names_the_holder_the_article_and_the_moment() -> None:
    (refused,) = obstacles([told(POST)], COURT, now=AT)
    assert refused.details == {"name": "Xu Lin", "moment": AT + THREE, "article": "法释〔2016〕18号 art. 16"}


def test_days_that_are_no_law_do_not_stop_a_sale_but_silence_does() -> None:
    assert reasons(told(POST), AT, BANK) == []
    assert reasons(told(PUBLIC), AT + FIVE - MOMENT, BANK) == [PriorityReason.NOTICE_NOT_IN_EFFECT]
    for name in NAMES:
        nobody_told = Holder("Xu Lin", HolderStatus.TO_NOTIFY, 1)
        assert reasons(nobody_told, AT, load(name)) == [PriorityReason.HOLDER_NOT_NOTIFIED]


def test_what_a_second_person_has_not_seen_does_not_count() -> None:
    unseen = Served(ServiceMethod.POST, AT, confirmed=False)
    assert reasons(told(unseen), AT + FIVE) == [PriorityReason.NOTICE_NOT_CONFIRMED]
    entry = Holder("Xu Lin", HolderStatus.NOTIFIED, 1, confirmed=False, notices=(POST,))
    assert reasons(entry, AT + FIVE) == [PriorityReason.HOLDER_NOT_CONFIRMED]


def test_a_later_reminder_sets_nothing_back_and_a_later_attempt_needs_its_own_notice() -> None:
    reminder = Served(ServiceMethod.POST, AT + THREE)
    assert reasons(told(POST, reminder), AT + THREE) == []
    closed = AT + timedelta(days=40)
    assert reasons(told(POST), closed + FIVE, since=closed) == [PriorityReason.HOLDER_NOT_NOTIFIED]
    again = Served(ServiceMethod.COURT, closed + MOMENT)
    assert reasons(told(POST, again), closed + FIVE, since=closed) == []


@pytest.mark.parametrize("status", [HolderStatus.WAIVED, HolderStatus.REMOVED])
def test_a_written_waiver_and_an_entry_struck_out_need_no_notice(status: HolderStatus) -> None:
    assert reasons(Holder("Xu Lin", status, 1), AT) == []


@pytest.mark.parametrize("status", list(HolderStatus))
def test_only_a_right_that_stands_has_an_order(status: HolderStatus) -> None:
    stands = status not in {HolderStatus.WAIVED, HolderStatus.ABSENT, HolderStatus.REMOVED}
    assert order_of(Holder("Xu Lin", status, 7)) == (7 if stands else None)
    assert order_of(Holder("Xu Lin", status, 7, confirmed=False)) is None


def test_who_was_told_and_did_not_bid_has_waived() -> None:
    assert deemed_waived(HolderStatus.NOTIFIED, has_bid=False)
    assert deemed_waived(HolderStatus.TAKES_PART, has_bid=False)
    assert not deemed_waived(HolderStatus.TAKES_PART, has_bid=True)
    assert not deemed_waived(HolderStatus.TO_NOTIFY, has_bid=False)


def test_an_entry_needs_name_order_and_basis() -> None:
    for arguments, reason in (
        ((" ", 1, "民法典 art. 847"), PriorityReason.NAME_MISSING),
        (("Xu Lin", 0, "民法典 art. 847"), PriorityReason.ORDER_OUT_OF_RANGE),
        (("Xu Lin", 100, "民法典 art. 847"), PriorityReason.ORDER_OUT_OF_RANGE),
        (("Xu Lin", 1, ""), PriorityReason.BASIS_MISSING),
    ):
        with pytest.raises(Refused) as refused:
            check_entry(*arguments)
        assert refused.value.reason is reason
    check_entry("Xu Lin", 99, "licence contract 7")


@pytest.mark.parametrize(
    ("how", "document", "text", "unreachable", "later", "reason"),
    [
        (ServiceMethod.POST, " ", "", "", 0, PriorityReason.PROOF_MISSING),
        (ServiceMethod.POST, "EMS 1", "", "", 1, PriorityReason.SERVED_IN_THE_FUTURE),
        (ServiceMethod.PUBLIC, "", "To be sold", "", 0, PriorityReason.UNREACHABLE_UNEXPLAINED),
        (ServiceMethod.PUBLIC, "", "", "moved away", 0, PriorityReason.PUBLIC_TEXT_MISSING),
    ],
)
def test_a_service_needs_its_proof(  # noqa: PLR0917 - the columns of the table above
    how: ServiceMethod, document: str, text: str, unreachable: str, later: int, reason: PriorityReason
) -> None:
    at = AT + timedelta(seconds=later)
    with pytest.raises(Refused) as refused:
        check_notice(how, at, document=document, public_text=text, unreachable=unreachable, now=AT)
    assert refused.value.reason is reason


def test_a_service_with_its_proof_is_taken() -> None:
    told = partial(check_notice, public_text="To be sold", unreachable="moved away", now=AT)
    told(ServiceMethod.PUBLIC, AT, document="")
    check_notice(ServiceMethod.POST, AT, document="EMS 1", public_text="", unreachable="", now=AT)


def test_each_pack_says_whether_two_persons_are_needed() -> None:
    assert two_persons(BANK)
    assert not two_persons(replace(BANK, priority_two_persons=None))


NOTICES = some.builds(
    Served,
    some.sampled_from(ServiceMethod),
    some.integers(0, 60).map(lambda days: AT + timedelta(days=days)),
    some.booleans(),
)
HOLDERS = some.builds(
    Holder,
    name=some.just("Xu Lin"),
    status=some.sampled_from(HolderStatus),
    order=some.integers(1, 99),
    confirmed=some.booleans(),
    notices=some.lists(NOTICES, max_size=4).map(tuple),
)


@given(holder=HOLDERS, pack=some.sampled_from([COURT, BANK, OPEN]), day=some.integers(0, 90))
def test_once_announced_always_announced(holder: Holder, pack: object, day: int) -> None:
    """Time alone never puts a new obstacle in the way, and one more notice never does either."""
    now = AT + timedelta(days=day)
    if not reasons(holder, now, pack):
        assert not reasons(holder, now + timedelta(days=1), pack)
        more = Holder(holder.name, holder.status, holder.order, holder.confirmed, (*holder.notices, POST))
        assert not reasons(more, now, pack)


@given(holder=HOLDERS, day=some.integers(0, 90))
def test_nothing_is_announced_over_a_standing_right_within_three_days_of_its_notice(
    holder: Holder, day: int
) -> None:
    now = AT + timedelta(days=day)
    if holder.status in {HolderStatus.WAIVED, HolderStatus.REMOVED} or reasons(holder, now):
        return
    assert any(notice.confirmed and announce_from(notice, COURT) <= now for notice in holder.notices)


def test_nobody_comes_back_from_a_written_waiver() -> None:
    assert not HOLDER_MOVES[HolderStatus.WAIVED]
    assert not HOLDER_MOVES[HolderStatus.REMOVED]
    assert set(HOLDER_MOVES) == set(HolderStatus)
    assert HolderStatus.ABSENT in WITHOUT_RIGHT
