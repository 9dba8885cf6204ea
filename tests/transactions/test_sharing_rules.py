"""The pure rules of sharing: codes, keys, grades, lines, signatures, rights."""

import base64
import hashlib
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Conflict, Refused
from transactions.rules.words import ConsentTier, ProofGrade, SaleOutcome
from transactions.sharing.rules import statements
from transactions.sharing.rules.contributors import (
    MOST_KEYS,
    ContributorKind,
    Key,
    check_grade,
    check_room_for_key,
    check_span,
    checked_code,
    checked_key,
)
from transactions.sharing.rules.lines import Action, Line, new_facts, read_line, replacing_facts
from transactions.sharing.rules.reading import Rights, pool_quota, rights
from transactions.sharing.rules.reasons import Reason

from .contributing import SALE
from .sale_builders import a_sale_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = base64.b64encode(bytes(32)).decode()


def reason_of(call: Any, *arguments: Any, **named: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        call(*arguments, **named)
    return str(caught.value.reason), caught.value.field


def a_line(**changes: Any) -> Line:
    document = {"id": "1", "action": "submit", "record": SALE, "key": "", "signature": ""}
    return read_line(document | changes)


@pytest.mark.parametrize("code", ["hefei-exchange", "a2c", "  Wuhu-Court "])
def test_codes(code: str) -> None:
    assert checked_code(code) == code.strip().lower()


@pytest.mark.parametrize("code", ["", "ab", "-abc", "abc-", "a_bc", "合肥交易所", "a" * 41])
def test_codes_that_are_none(code: str) -> None:
    assert reason_of(checked_code, code) == ("code_malformed", "code")


def test_keys() -> None:
    assert checked_key(f" {KEY}\n") == KEY
    for wrong in ("", "x", KEY[:-2], base64.b64encode(bytes(33)).decode(), "é"):
        assert reason_of(checked_key, wrong) == ("key_malformed", "public_key")


def test_a_key_counts_from_its_beginning_to_its_end_or_revocation() -> None:
    open_ended = Key("", KEY, NOW)
    assert [open_ended.counts_at(NOW + step) for step in (-DAY, 0 * DAY, 999 * DAY)] == [False, True, True]
    ending = Key("", KEY, NOW, valid_until=NOW + 2 * DAY)
    assert [ending.counts_at(NOW + step) for step in (DAY, 2 * DAY)] == [True, False]
    revoked = Key("", KEY, NOW, valid_until=NOW + 9 * DAY, revoked_at=NOW + DAY)
    assert [revoked.counts_at(NOW + step) for step in (0 * DAY, DAY)] == [True, False]
    check_span(NOW, None)
    check_span(NOW, NOW + DAY)
    assert reason_of(check_span, NOW, NOW) == ("key_span", "valid_until")
    check_room_for_key([revoked] * 99, NOW + DAY)
    assert reason_of(check_room_for_key, [ending] * MOST_KEYS, NOW) == ("too_many_keys", "public_key")


@pytest.mark.parametrize(
    ("kind", "best"),
    [(ContributorKind.COURT, "A"), (ContributorKind.EXCHANGE, "B"), (ContributorKind.AGENCY, "C")],
)
def test_nobody_proves_more_than_its_kind_can(kind: ContributorKind, best: str) -> None:
    for grade in ProofGrade:
        if grade < best:
            assert reason_of(check_grade, kind, grade, "https://a.example") == (
                "grade_too_high",
                "proof_grade",
            )
        else:
            check_grade(kind, grade, "https://a.example")
    assert reason_of(check_grade, kind, ProofGrade.C, "") == ("evidence_needed", "evidence_url")


def test_a_line_becomes_facts() -> None:
    line = a_line(record=SALE | {"seller_parent_number": "9", "previous": str(uuid.UUID(int=7))})
    assert (line.action, line.parent) == (Action.SUBMIT, ("CN", "9"))
    facts = new_facts(line, "hefei-exchange", ContributorKind.EXCHANGE, "0" * 32)
    assert (facts.source_marketplace, facts.source_kind, facts.source_id) == (
        "hefei-exchange",
        "submission",
        "1",
    )
    assert (facts.sold_on, facts.technology_fields, facts.previous) == (
        date(2024, 6, 1),
        (1,),
        uuid.UUID(int=7),
    )
    assert facts.consent_tier is ConsentTier.PRICE_ONLY


def test_a_confidential_sale_needs_its_parent() -> None:
    for tier in ("pool", "sealed"):
        line = a_line(record=SALE | {"consent_tier": tier})
        assert reason_of(new_facts, line, "x", ContributorKind.EXCHANGE, "")[0] == "parent_needed"
        assert new_facts(line, "x", ContributorKind.EXCHANGE, "0" * 32).consent_tier == tier


def test_a_day_that_is_none() -> None:
    assert reason_of(a_line, record=SALE | {"sold_on": "2025-02-30"}) == ("malformed", "record.sold_on")


def test_corrections_and_reversals() -> None:
    old, record_id = a_sale_of(1), uuid.uuid4()
    basis: dict[str, Any] = {"corrects": str(record_id), "reason": "a slip"}
    correcting = a_line(action="correct", record=None, changes={"price_minor": 5}, **basis)
    new = replacing_facts(correcting, record_id, old, ContributorKind.EXCHANGE, already=False)
    assert (new.price_minor, new.corrects, new.correction_reason) == (5, record_id, "a slip")
    reversing = a_line(action="reverse", record=None, **basis)
    undone = replacing_facts(reversing, record_id, old, ContributorKind.EXCHANGE, already=False)
    assert undone.outcome is SaleOutcome.REVERSED
    for line, facts, already in (
        (reversing, undone, False),
        (correcting, old, True),
    ):
        with pytest.raises(Conflict):
            replacing_facts(line, record_id, facts, ContributorKind.EXCHANGE, already=already)
    better = a_line(action="correct", record=None, changes={"proof_grade": "A"}, **basis)
    assert reason_of(replacing_facts, better, record_id, old, ContributorKind.EXCHANGE, already=False) == (
        "grade_too_high",
        "proof_grade",
    )


def test_the_exact_bytes_that_are_signed() -> None:
    """As docs/sharing.md prints them: whoever signs elsewhere has to write the same."""
    line = {"id": "1", "action": "reverse", "corrects": "x", "reason": "撤销", "key": "k", "signature": "s"}
    content = '{"action":"reverse","corrects":"x","id":"1","reason":"撤销"}'.encode()
    digest = statements.line_digest(line)
    assert digest == hashlib.sha256(content).hexdigest()
    assert statements.line_statement("hefei", digest, sandbox=False) == (
        b'{"contributor":"hefei","digest":"%s","protocol":"luochui/transactions/submission/1"}'
        % digest.encode()
    )
    assert statements.request_statement("hefei", "GET", "/a?b=1", "2026-03-02T02:00:00Z", sandbox=True) == (
        b'{"contributor":"hefei","method":"GET","protocol":"luochui/transactions/request/1/sandbox",'
        b'"target":"/a?b=1","time":"2026-03-02T02:00:00Z"}'
    )
    assert statements.receipt_statement({"b": 1, "a": 2, "signature": 3}) == b'{"a":2,"b":1}'
    assert len(statements.fingerprint(KEY)) == 64


def test_a_request_is_good_for_five_minutes() -> None:
    for minutes in (-5, 0, 5):
        statements.check_request_time(NOW + timedelta(minutes=minutes), NOW)
    assert reason_of(statements.check_request_time, NOW + timedelta(minutes=5, seconds=1), NOW) == (
        Reason.TIME_WRONG,
        "Luochui-Time",
    )


_WORDS = st.text('ab"\\é成', max_size=5)


@given(st.dictionaries(_WORDS, st.integers() | _WORDS, max_size=5), _WORDS)
def test_the_digest_is_of_the_content_alone(content: dict[str, Any], key: str) -> None:
    line = {name: value for name, value in content.items() if name not in statements.UNSIGNED_FIELDS}
    turned = dict(reversed(line.items()))
    assert statements.line_digest(line) == statements.line_digest({"key": key, "signature": key, **turned})
    assert statements.line_digest(line) != statements.line_digest({**line, "more": key})


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_who_gives_more_may_read_more(fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    assert pool_quota(fewer) <= pool_quota(more) <= 20_000
    assert (pool_quota(fewer) == 0) == (fewer == 0)
    assert rights(fewer, more).left == max(0, pool_quota(fewer) - more)


def test_the_quota_by_example() -> None:
    assert [pool_quota(records) for records in (-1, 0, 1, 90, 5000)] == [0, 0, 110, 1000, 20_000]
    assert rights(90, 400) == Rights(90, 1000, 400)
