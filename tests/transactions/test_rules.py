import json
import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from auctions.rules import Outcome as AuctionOutcome
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, Refused
from marketplace.rights.rules import RightType
from transactions.log.commitments import leaf_data
from transactions.rules import publishing
from transactions.rules.checks import check_facts
from transactions.rules.corrections import corrected
from transactions.rules.facts import Reason, SaleFacts
from transactions.rules.words import (
    FAMILIES,
    AssetFamily,
    AssetType,
    Channel,
    DatePrecision,
    LicenceKind,
    ProofGrade,
    RightSold,
    SaleOutcome,
    asset_type_of,
    types_of,
)

RECORD = uuid.UUID(int=5)
SOLD = SaleFacts(
    source_marketplace="luochui-test",
    source_kind="deal",
    source_id="1",
    outcome=SaleOutcome.SOLD,
    asset_type=AssetType.INVENTION,
    title="A pump",
    channel=Channel.AUCTION_ENGLISH,
    currency="CNY",
    sold_on=date(2026, 3, 2),
    date_precision=DatePrecision.DAY,
    proof_grade=ProofGrade.B,
    number_of_rights=2,
    price_minor=100_00,
)


def test_facts_that_agree_pass() -> None:
    check_facts(SOLD)
    check_facts(replace(SOLD, outcome=SaleOutcome.UNSOLD, price_minor=None, start_price_minor=0))


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"currency": "XXX"}, Reason.UNKNOWN_CURRENCY, "currency"),
        ({"deposit_minor": -1}, Reason.AMOUNT_OUT_OF_RANGE, "deposit_minor"),
        ({"price_minor": 10**17}, Reason.AMOUNT_OUT_OF_RANGE, "price_minor"),
        ({"number_of_rights": 0}, Reason.NUMBER_OUT_OF_RANGE, "number_of_rights"),
        ({"technology_field": 36}, Reason.NUMBER_OUT_OF_RANGE, "technology_field"),
        ({"price_minor": None}, Reason.PRICE_MISSING, "price_minor"),
        ({"price_minor": 0}, Reason.PRICE_MISSING, "price_minor"),
        ({"outcome": SaleOutcome.UNSOLD}, Reason.PRICE_NOT_EXPECTED, "price_minor"),
        ({"sold_on": None}, Reason.DATE_AND_PRECISION, "sold_on"),
        ({"date_precision": DatePrecision.UNKNOWN}, Reason.DATE_AND_PRECISION, "sold_on"),
        ({"usable": False}, Reason.EXCLUSION_REASON, "exclusion_reason"),
        ({"exclusion_reason": "why"}, Reason.EXCLUSION_REASON, "exclusion_reason"),
        ({"record_version": 2}, Reason.NUMBER_OUT_OF_RANGE, "record_version"),
        ({"claims": 0}, Reason.NUMBER_OUT_OF_RANGE, "claims"),
        ({"forward_citations": -1}, Reason.NUMBER_OUT_OF_RANGE, "forward_citations"),
        ({"family_size": 0}, Reason.NUMBER_OUT_OF_RANGE, "family_size"),
        ({"number_of_families": 0}, Reason.NUMBER_OUT_OF_RANGE, "number_of_families"),
        ({"age_months": 2401}, Reason.NUMBER_OUT_OF_RANGE, "age_months"),
        ({"buyer_premium_minor": -1}, Reason.AMOUNT_OUT_OF_RANGE, "buyer_premium_minor"),
        ({"region": "Shandong"}, Reason.UNKNOWN_REGION, "region"),
        ({"seller_parent": "Bank Alice"}, Reason.PARENT_NOT_HEXADECIMAL, "seller_parent"),
        ({"legal_events": ("sold twice",)}, Reason.UNKNOWN_EVENT, "legal_events"),
        ({"legal_events": ("licensed", "pledged")}, Reason.UNKNOWN_EVENT, "legal_events"),
        ({"legal_events": ("pledged", "pledged")}, Reason.UNKNOWN_EVENT, "legal_events"),
        ({"base_currency": "XXX"}, Reason.UNKNOWN_CURRENCY, "base_currency"),
        ({"base_currency": "USD", "rate_to_base": "0"}, Reason.NOT_A_RATE, "rate_to_base"),
        ({"rate_to_base": "0.14"}, Reason.NOT_A_RATE, "rate_to_base"),
        ({"related_party": True}, Reason.RELATED_AT_ARMS_LENGTH, "arms_length"),
        ({"previous": RECORD, "corrects": RECORD}, Reason.NAMES_ITSELF, "previous"),
        ({"licence_kind": LicenceKind.SOLE}, Reason.LICENCE_ALONE, "licence_kind"),
        ({"royalty_basis_points": 300}, Reason.LICENCE_ALONE, "royalty_basis_points"),
        ({"royalty_basis_points": 10_001}, Reason.NUMBER_OUT_OF_RANGE, "royalty_basis_points"),
        ({"entry_fee_minor": 300}, Reason.LICENCE_ALONE, "entry_fee_minor"),
        ({"licence_months": 36}, Reason.LICENCE_ALONE, "licence_months"),
        ({"territory": "CN"}, Reason.LICENCE_ALONE, "territory"),
        ({"territory": "x" * 101}, Reason.TEXT_TOO_LONG, "territory"),
        ({"royalty_base": "net sales"}, Reason.LICENCE_ALONE, "royalty_base"),
    ],
)
def test_facts_that_disagree_are_refused(changes: dict[str, Any], reason: Reason, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_facts(replace(SOLD, **changes))
    assert (refused.value.reason, refused.value.field) == (reason, field)


def test_a_premium_of_what_was_not_sold_is_refused() -> None:
    unpaid = replace(SOLD, outcome=SaleOutcome.REAUCTIONED, price_minor=None, buyer_premium_minor=1)
    with pytest.raises(Refused) as refused:
        check_facts(unpaid)
    assert refused.value.field == "buyer_premium_minor"
    check_facts(replace(unpaid, buyer_premium_minor=None))


LICENCE = replace(
    SOLD,
    right_sold=RightSold.LICENCE,
    licence_kind=LicenceKind.NON_EXCLUSIVE,
    price_minor=None,
    royalty_basis_points=350,
    royalty_base="net sales",
    licence_months=60,
    territory="Shandong",
)


def test_a_licence_may_cost_a_royalty_alone() -> None:
    check_facts(LICENCE)
    check_facts(replace(LICENCE, royalty_basis_points=None, entry_fee_minor=1))
    with pytest.raises(Refused) as refused:
        check_facts(replace(LICENCE, royalty_basis_points=None))
    assert refused.value.field == "price_minor"


def test_a_record_of_version_0_seals_what_there_was() -> None:
    old = replace(SOLD, record_version=0)
    sealed = json.loads(leaf_data(RECORD, "2026-03-02T02:00:00Z", "00", old))
    assert "price_minor" in sealed
    assert "record_version" not in sealed
    assert "claims" not in sealed


def test_every_fact_is_sealed() -> None:
    plain = leaf_data(RECORD, "2026-03-02T02:00:00Z", "00", SOLD)
    others = [
        leaf_data(uuid.UUID(int=6), "2026-03-02T02:00:00Z", "00", SOLD),
        leaf_data(RECORD, "2026-03-02T02:00:01Z", "00", SOLD),
        leaf_data(RECORD, "2026-03-02T02:00:00Z", "01", SOLD),
        leaf_data(RECORD, "2026-03-02T02:00:00Z", "00", replace(SOLD, classes=("H02K",))),
        leaf_data(RECORD, "2026-03-02T02:00:00Z", "00", replace(SOLD, corrects=RECORD)),
    ]
    assert len({plain, *others}) == 6


def test_a_correction_names_what_it_replaces() -> None:
    new = corrected(RECORD, SOLD, {"price_minor": 90_00}, " a typing error ", already=False)
    assert (new.price_minor, new.corrects, new.source_id) == (90_00, RECORD, str(RECORD))
    assert (new.source_kind, new.correction_reason) == ("correction", "a typing error")


def test_a_rescinded_sale_is_reversed_by_a_correction() -> None:
    new = corrected(RECORD, SOLD, {"outcome": SaleOutcome.REVERSED}, "rescinded by the court", already=False)
    assert (new.outcome, new.price_minor) == (SaleOutcome.REVERSED, 100_00)


@pytest.mark.parametrize(
    ("changes", "why", "reason"),
    [
        ({"price_minor": 1}, "a slip", Reason.ALREADY_CORRECTED),
        ({"price_minor": 1}, "  ", Reason.REASON_MISSING),
        ({"price_minor": 100_00}, "a slip", Reason.NOTHING_CHANGED),
        ({"price_minor": None}, "a slip", Reason.PRICE_MISSING),
    ],
)
def test_corrections_that_are_refused(changes: dict[str, Any], why: str, reason: Reason) -> None:
    already = reason is Reason.ALREADY_CORRECTED
    with pytest.raises(Refused) as refused:
        corrected(RECORD, SOLD, changes, why, already=already)
    assert refused.value.reason is reason
    assert isinstance(refused.value, Conflict) is already


def test_where_a_record_comes_from_is_never_corrected() -> None:
    with pytest.raises(ValueError, match="source_id"):
        corrected(RECORD, SOLD, {"source_id": "2"}, "a slip", already=False)


def test_what_is_published_and_when() -> None:
    published = [status for status in DealStatus if publishing.may_publish_deal(status)]
    assert [(status, publishing.outcome_of_deal(status)) for status in published] == [
        (DealStatus.COMPLETED, SaleOutcome.SOLD),
        (DealStatus.RESCINDED, SaleOutcome.REVERSED),
    ]
    assert publishing.outcome_of_auction(AuctionOutcome.UNSOLD) is SaleOutcome.UNSOLD
    assert publishing.outcome_of_auction(AuctionOutcome.CANCELLED) is SaleOutcome.WITHDRAWN
    assert publishing.outcome_of_auction(AuctionOutcome.SOLD) is None
    assert publishing.outcome_of_auction(AuctionOutcome.SOLD, unpaid=True) is SaleOutcome.REAUCTIONED
    assert publishing.outcome_of_auction(AuctionOutcome.UNSOLD, unpaid=True) is SaleOutcome.UNSOLD


def test_a_sealed_bid_that_did_not_win_stays_sealed() -> None:
    assert publishing.published_top_bid(Channel.AUCTION_ENGLISH, 5) == 5
    assert publishing.published_top_bid(Channel.AUCTION_SEALED, 5) is None
    assert publishing.published_top_bid(Channel.BROKERED_OFFER, 5) is None


def test_a_negotiated_price_is_dated_to_the_month() -> None:
    day = date(2026, 3, 17)
    assert publishing.published_date(Channel.BROKERED_OFFER, day) == (date(2026, 3, 1), DatePrecision.MONTH)
    assert publishing.published_date(Channel.AUCTION_DUTCH, day) == (day, DatePrecision.DAY)


def test_grades_of_proof() -> None:
    assert publishing.proof_of_settlement("cn-court") is ProofGrade.A
    assert publishing.proof_of_settlement("open") is ProofGrade.B
    assert publishing.proof_of_report(Channel.JUDICIAL_ONLINE_AUCTION, "") is ProofGrade.C
    assert publishing.proof_of_report(Channel.PRIVATE_SALE, "cash, from the 8-K") is ProofGrade.C
    assert publishing.proof_of_report(Channel.LIVE_AUCTION, "hammer price") is ProofGrade.D


def test_types_and_families() -> None:
    assert set(FAMILIES) == set(AssetType)
    assert types_of(AssetFamily.PATENT) >= {AssetType.PATENT, AssetType.DESIGN}
    kinds = [RightType.TRADEMARK, RightType.UTILITY_MODEL, RightType.INVENTION, RightType.INVENTION]
    assert asset_type_of(kinds) is AssetType.INVENTION
    assert asset_type_of(kinds[:3]) is AssetType.INVENTION
    assert asset_type_of([]) is AssetType.OTHER


def test_months_and_medians() -> None:
    assert publishing.whole_months(date(2026, 1, 31), date(2026, 3, 30)) == 1
    assert publishing.whole_months(date(2026, 1, 30), date(2027, 1, 30)) == 12
    assert publishing.whole_months(date(2026, 5, 1), date(2026, 1, 1)) == 0
    assert publishing.median_months([]) is None
    assert publishing.median_months([9, 1, 5, 7]) == 5
