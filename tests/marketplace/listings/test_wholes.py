"""Lots offered together as well as apart: who may be a part, what stays fixed, what a sale does to them."""

import uuid
from dataclasses import replace

import pytest
from builders import a_lot, an_actor, an_institution
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.listings import invariants, service
from marketplace.listings.models import Lot
from marketplace.listings.queries import kin_of, lock_lot, terms_of
from marketplace.listings.rules import AuctionFormat, LotStatus
from marketplace.listings.terms import LotTerms
from marketplace.listings.wholes import MOST_PARTS, Part, WholeReason, check_parts

PART = Part("P-1", LotStatus.PUBLISHED, "CNY", "open", "case", "english", in_whole=False)


def refusal(*parts: Part, auction_format: str = "english") -> tuple[WholeReason, str]:
    with pytest.raises(Refused) as caught:
        check_parts(parts, currency="CNY", rule_pack="open", auction_format=auction_format)
    return WholeReason(caught.value.reason), str(caught.value.details.get("reference", ""))


def test_free_lots_of_one_case_may_be_joined() -> None:
    check_parts(
        [PART, replace(PART, reference="P-2")], currency="CNY", rule_pack="open", auction_format="english"
    )


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (replace(PART, status=LotStatus.RESERVED), WholeReason.PART_NOT_FREE),
        (replace(PART, status=LotStatus.SOLD), WholeReason.PART_NOT_FREE),
        (replace(PART, in_whole=True), WholeReason.PART_OF_ANOTHER_WHOLE),
        (replace(PART, currency="EUR"), WholeReason.PARTS_DIFFER),
        (replace(PART, rule_pack="cn-court"), WholeReason.PARTS_DIFFER),
        (replace(PART, case="another"), WholeReason.PARTS_DIFFER),
        (replace(PART, case=None), WholeReason.PARTS_DIFFER),
    ],
)
def test_a_lot_that_cannot_be_a_part_is_named(second: Part, reason: WholeReason) -> None:
    assert refusal(PART, replace(second, reference="P-2")) == (reason, "P-2")


def test_one_part_is_no_combination_and_too_many_are_too_many() -> None:
    assert refusal(PART)[0] is WholeReason.TOO_FEW_PARTS
    assert refusal(*[PART] * (MOST_PARTS + 1))[0] is WholeReason.TOO_MANY_PARTS


def test_only_open_ascending_bids_can_be_compared() -> None:
    assert refusal(PART, PART, auction_format="sealed")[0] is WholeReason.FORMAT_NOT_ENGLISH
    assert refusal(PART, replace(PART, auction_format="dutch"))[0] is WholeReason.FORMAT_NOT_ENGLISH


def joined(session: Session) -> tuple[Actor, Lot, list[Lot]]:
    """A bank, the whole, and its two parts, which are on the market already."""
    bank = an_institution(session, InstitutionKind.BANK)
    actor = an_actor(session, InstitutionKind.BANK, institution=bank)
    parts = [a_lot(session, bank, rule_pack="open", reserve_minor=None) for _ in range(2)]
    terms = LotTerms(reference="W-1", title="Family", rule_pack="open", start_price_minor=25_000_000)
    whole = service.draft_whole(session, actor, terms, part_ids=[part.id for part in parts])
    session.flush()
    return actor, whole, parts


def test_a_whole_offers_the_rights_of_its_parts(session: Session, clock: FixedClock) -> None:
    with atomic():
        _, whole, parts = joined(session)
        assert {right.id for right in whole.rights} == {right.id for part in parts for right in part.rights}
        assert [part.status for part in parts] == [LotStatus.PUBLISHED] * 2
        assert {lot.id for lot in kin_of(session, whole)} == {part.id for part in parts}
        assert [lot.id for lot in kin_of(session, parts[0])] == [whole.id]
    assert [found for _, check in invariants.CHECKS for found in check(session) if "differs" in found] == []
    assert invariants.rights_in_two_lots(session) == []
    assert invariants.wholes_that_differ_from_their_parts(session) == []


def test_a_part_belongs_to_one_whole_only(session: Session, clock: FixedClock) -> None:
    with atomic():
        actor, _, parts = joined(session)
        terms = LotTerms(reference="W-2", title="Again", rule_pack="open")
        with pytest.raises(Refused) as caught:
            service.draft_whole(session, actor, terms, part_ids=[part.id for part in parts])
        assert caught.value.reason is WholeReason.PART_OF_ANOTHER_WHOLE


def test_another_bank_cannot_join_ones_lots(session: Session, clock: FixedClock) -> None:
    with atomic():
        _, _, parts = joined(session)
        mallory = an_actor(session, InstitutionKind.BANK)
        terms = LotTerms(reference="W-2", title="Mine", rule_pack="open")
        with pytest.raises(NotFound):
            service.draft_whole(session, mallory, terms, part_ids=[part.id for part in parts])


def test_rights_and_rules_are_fixed_while_the_whole_lives(session: Session, clock: FixedClock) -> None:
    with atomic():
        actor, whole, _ = joined(session)
        rights = [right.id for right in whole.rights]
        changed = replace(terms_of(whole), auction_format=AuctionFormat.SEALED)
        for terms, right_ids, field in (
            (terms_of(whole), rights[:1], "right_ids"),
            (changed, rights, "auction_format"),
        ):
            with pytest.raises(Refused) as caught:
                service.edit(session, actor, whole.id, terms, right_ids=right_ids)
            assert (caught.value.reason, caught.value.field) == (WholeReason.FIXED_BY_WHOLE, field)
        dearer = replace(terms_of(whole), start_price_minor=26_000_000)
        assert (
            service.edit(session, actor, whole.id, dearer, right_ids=rights).start_price_minor == 26_000_000
        )


def test_a_part_is_withdrawn_only_after_its_whole(session: Session, clock: FixedClock) -> None:
    with atomic():
        actor, whole, parts = joined(session)
        parts[0].status = LotStatus.DRAFTED
        with pytest.raises(Conflict):
            service.withdraw(session, actor, parts[0].id, reason="kept")
        service.withdraw(session, actor, whole.id, reason="better apart")
        service.withdraw(session, actor, parts[0].id, reason="kept")
    assert kin_of(session, parts[1]) == []


@pytest.mark.parametrize("together", [True, False])
def test_what_is_sold_withdraws_the_lots_of_the_same_rights(
    session: Session, clock: FixedClock, *, together: bool
) -> None:
    with atomic():
        _, whole, parts = joined(session)
        whole.status = LotStatus.UNSOLD
        session.flush()
        sold = whole if together else parts[0]
        sold.status = LotStatus.RESERVED
        session.flush()
        service.release(session, sold, sold=True)
    statuses = [lock_lot(session, lot.id).status for lot in (whole, *parts)]
    left = LotStatus.WITHDRAWN if together else LotStatus.PUBLISHED
    first = LotStatus.WITHDRAWN if together else LotStatus.SOLD
    assert statuses == [LotStatus.SOLD if together else LotStatus.WITHDRAWN, first, left]
    assert invariants.rights_in_two_lots(session) == []


def test_the_checks_find_a_whole_that_lost_a_right_and_a_right_in_two_lots(
    session: Session, clock: FixedClock
) -> None:
    with atomic():
        _, whole, parts = joined(session)
        whole.rights = whole.rights[:1]
    assert invariants.wholes_that_differ_from_their_parts(session) == [
        f"lot {whole.id} offers other rights than its parts"
    ]
    with atomic():
        a_lot(session, parts[0].institution, rights=list(parts[0].rights), reference=uuid.uuid4().hex)
    assert len(invariants.rights_in_two_lots(session)) == 1
