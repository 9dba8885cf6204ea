"""Ties, policy, standing and the barred list, without a database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auctions.fair_play.rules.leads import LEAD_MOVES, LeadKind, LeadStatus, Signal, percent, share
from auctions.fair_play.rules.listing import (
    LISTING_MOVES,
    MOST_DAYS,
    REVIEW_EVERY,
    ListingStatus,
    in_force,
    review_due,
)
from auctions.fair_play.rules.policy import RECORDED, Capacity, ban_on, ban_through_ties
from auctions.fair_play.rules.reasons import BarReason
from auctions.fair_play.rules.standing import TIED_TO, stand
from auctions.fair_play.rules.ties import (
    MOST_EDGES,
    Tie,
    TieKind,
    common_domains,
    company_node,
    name_node,
    paths,
)
from marketplace.rule_packs import NAMES, Basis
from marketplace.status import terminal

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
GROUP = TieKind.SAME_GROUP


def chain(*nodes: str, certain: bool = True) -> list[Tie]:
    return [Tie(one, other, GROUP, certain=certain) for one, other in pairwise(nodes)]


def test_a_path_is_followed_for_three_edges_and_no_further() -> None:
    ties = chain("a", "b", "c", "d", "e")
    found = paths(ties, "a", ["d", "e"])
    assert found["d"].nodes == ("a", "b", "c", "d")
    assert "e" not in found


def test_a_certain_path_counts_before_a_shorter_one_that_is_not() -> None:
    found = paths([*chain("a", "c", certain=False), *chain("a", "b", "c")], "a", ["c"])
    assert found["c"].certain
    assert found["c"].nodes == ("a", "b", "c")


NODES = [f"n{number}" for number in range(12)]


@given(
    ties=st.lists(
        st.builds(
            Tie,
            st.sampled_from(NODES),
            st.sampled_from(NODES),
            st.sampled_from([kind for kind in TieKind if kind is not TieKind.MAIL_DOMAIN]),
            st.booleans(),
        ),
        max_size=14,
    ),
    pack=st.sampled_from(NAMES),
)
def test_whoever_is_tied_to_the_seller_is_barred_or_looked_at(ties: list[Tie], pack: str) -> None:
    """Every planted path of at most three edges is stopped or reviewed, and nobody else is."""
    standing = stand(pack, ["n0"], {"n1": {Capacity.SELLER}}, ties)
    reached = {"n0"}
    for _ in range(MOST_EDGES):
        reached |= {end for tie in ties for end in (tie.one, tie.other) if reached & {tie.one, tie.other}}
    assert bool(standing.bars or standing.reviews) == ("n1" in reached)
    if standing.bars:
        assert standing.bars[0].path is not None
        assert standing.bars[0].path.certain


def test_a_name_without_a_number_only_suggests() -> None:
    wang = name_node("wangwei")
    standing = stand("open", ["a"], {"s": {Capacity.SELLER}}, chain("a", wang, "s"))
    assert not standing.bars
    assert [finding.code for finding in standing.reviews] == ["tied_to_seller"]


def test_a_tie_to_a_listed_institution_is_looked_at_and_the_listed_one_barred() -> None:
    capacities = {"listed": {Capacity.LISTED}}
    assert stand("open", ["listed"], capacities, ()).barred == "listed"
    sister = stand("open", ["a"], capacities, chain("a", "listed"))
    assert (sister.barred, len(sister.reviews)) == ("", 1)


def test_the_agency_counts_as_much_as_the_buyer() -> None:
    standing = stand("open", ["buyer", "agency"], {"agency": {Capacity.APPRAISER}}, ())
    assert standing.barred == "appraiser"


def test_an_exemption_lifts_what_may_be_lifted_and_nothing_else() -> None:
    capacities = {"s": {Capacity.SELLER}, "d": {Capacity.DEBTOR}}
    ties = [*chain("a", "s"), *chain("a", "d")]
    exempt = {"tied_to_seller", "tied_to_debtor"}
    assert stand("cn-bank", ["a"], capacities, ties, exempt).bars == ()
    assert stand("cn-bank", ["s"], capacities, (), {"seller"}).barred == "seller"


def test_what_cannot_be_lifted_is_said_first() -> None:
    capacities = {"a": {Capacity.DEBTOR, Capacity.OPERATOR}}
    assert [finding.code for finding in stand("cn-bank", ["a"], capacities, ()).bars] == [
        "operator",
        "debtor",
    ]


@pytest.mark.parametrize(
    ("pack", "capacity", "source"),
    [
        ("cn-bank", Capacity.SELLER, "拍卖法 art. 30"),
        ("cn-bank", Capacity.OPERATOR, "拍卖法 art. 22"),
        ("cn-court", Capacity.OPERATOR, "法释〔2016〕18号 art. 34"),
        ("cn-court", Capacity.COURT, "法释〔2016〕18号 art. 34"),
        ("cn-court", Capacity.AUXILIARY, "法释〔2016〕18号 art. 34"),
        ("cn-court", Capacity.DEFAULTER, "法释〔2016〕18号 art. 24"),
    ],
)
def test_what_the_law_says(pack: str, capacity: Capacity, source: str) -> None:
    ban = ban_on(pack, capacity)
    assert (ban.barred, ban.basis, ban.source, ban.liftable) == (True, Basis.READ, source, False)


def test_the_debtor_may_bid_in_court_and_not_with_the_bank() -> None:
    assert not ban_on("cn-court", Capacity.DEBTOR).barred
    assert not ban_through_ties("cn-court", Capacity.DEBTOR, [GROUP]).barred
    assert ban_on("cn-bank", Capacity.DEBTOR).barred
    assert ban_on("cn-bank", Capacity.DEBTOR).basis is Basis.OWN


def test_staff_of_the_court_are_barred_by_law_its_affiliates_by_us() -> None:
    staff = ban_through_ties("cn-court", Capacity.COURT, [TieKind.NEAR_RELATIVE])
    assert (staff.basis, staff.liftable) == (Basis.READ, False)
    affiliate = ban_through_ties("cn-court", Capacity.COURT, [GROUP])
    assert (affiliate.barred, affiliate.basis, affiliate.liftable) == (True, Basis.OWN, True)


@pytest.mark.parametrize("pack", NAMES)
@pytest.mark.parametrize("capacity", list(Capacity))
def test_only_what_was_read_is_law_and_law_is_never_lifted(pack: str, capacity: Capacity) -> None:
    ban = ban_on(pack, capacity)
    assert ban.basis in {Basis.READ, Basis.OWN}
    assert ban.basis is Basis.OWN or not ban.liftable


def test_every_finding_has_a_reason() -> None:
    codes = {f"{prefix}{capacity}" for prefix in ("", TIED_TO) for capacity in Capacity}
    assert {str(reason) for reason in BarReason} == codes
    assert Capacity.SELLER not in RECORDED


def test_common_domains_leave_out_those_of_everybody() -> None:
    assert common_domains(["a@bank.cn", "b@qq.com"], ["c@BANK.cn", "d@qq.com"]) == ["bank.cn"]
    assert common_domains(["nothing"], ["nothing"]) == []


def test_an_entry_bars_until_its_end_and_while_lifting_is_only_proposed() -> None:
    until = NOW + timedelta(days=1)
    assert in_force(ListingStatus.LISTED, until, NOW)
    assert in_force(ListingStatus.LIFT_PROPOSED, until, NOW)
    assert not in_force(ListingStatus.LISTED, NOW, NOW)
    assert not in_force(ListingStatus.PROPOSED, until, NOW)
    assert not in_force(ListingStatus.LISTED, None, NOW)
    assert MOST_DAYS == 1825


def test_an_entry_is_reviewed_every_year() -> None:
    listed = NOW - REVIEW_EVERY
    assert review_due(None, listed, NOW)
    assert not review_due(NOW, listed, NOW)


def test_where_entries_and_leads_end() -> None:
    assert terminal(LISTING_MOVES) == {ListingStatus.DROPPED, ListingStatus.LIFTED}
    assert terminal(LEAD_MOVES) == {LeadStatus.DISMISSED, LeadStatus.LED_TO_PROPOSAL}


def test_a_share_of_nothing_is_nothing() -> None:
    assert (share(1, 0), share(3, 2), share(-1, 2)) == (0.0, 1.0, 0.0)
    assert percent(share(1, 3)) == 33


def test_who_is_let_by_the_rules_is_not_found_however_it_comes() -> None:
    capacities = {"d": {Capacity.DEBTOR}, "a": {Capacity.PLEDGOR}}
    found = stand("cn-court", ["d", "a"], capacities, chain("d", "a", "d"))
    assert (found.bars, found.reviews, found.barred) == ((), (), "")


def test_whoever_has_a_capacity_is_not_found_again_through_a_tie() -> None:
    capacities = {"a": {Capacity.APPRAISER}, "b": {Capacity.APPRAISER}}
    found = stand("cn-bank", ["a"], capacities, chain("a", "b"))
    assert [finding.code for finding in found.bars] == ["appraiser"]


def test_the_same_suspicion_is_known_by_its_fingerprint() -> None:
    signal = Signal(LeadKind.SHILL, ("a", "b"), 0.7, (), "bank")
    assert signal.fingerprint == "shill:a,b:bank"
    assert company_node("CN", "91") == "CN 91"
