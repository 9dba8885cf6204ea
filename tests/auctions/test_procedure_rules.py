"""What has to be said for each step that a bank decides."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from auctions.procedure.rules import ProcedureReason, Proposal, check_proposal, step_among
from marketplace.errors import Conflict, Refused
from marketplace.rule_packs import PossibleStep, StepKind

# In China it is already the third of March.
NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
OPENS = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)

CONVERSION = Proposal(
    kind=StepKind.CONVERSION, reason="agreed", document="D-1", price_minor=500, third_parties_checked=True
)
REDEMPTION = Proposal(
    kind=StepKind.REDEMPTION, reason="paid", document="D-2", price_minor=1_000, paid_on=date(2026, 3, 3)
)
WITHDRAWAL = Proposal(kind=StepKind.WITHDRAWAL, reason="no market", cost_minor=5, cost_payee="Court")


def refusal(proposal: Proposal) -> tuple[object, str | None]:
    with pytest.raises(Refused) as refused:
        check_proposal(proposal, now=NOW, opens_at=OPENS, debt_minor=1_000)
    return refused.value.reason, refused.value.field


def test_a_proposal_with_all_it_needs_is_taken() -> None:
    for proposal in (CONVERSION, REDEMPTION, WITHDRAWAL):
        check_proposal(proposal, now=NOW, opens_at=OPENS, debt_minor=1_000)
    check_proposal(replace(REDEMPTION, price_minor=1), now=NOW, opens_at=None, debt_minor=None)


@pytest.mark.parametrize(
    ("proposal", "reason", "field"),
    [
        (replace(WITHDRAWAL, reason=" "), ProcedureReason.REASON_NEEDED, "reason"),
        (replace(CONVERSION, document=""), ProcedureReason.DOCUMENT_NEEDED, "document"),
        (replace(WITHDRAWAL, cost_minor=-1), ProcedureReason.COST_NEGATIVE, "cost"),
        (replace(WITHDRAWAL, cost_payee=""), ProcedureReason.PAYEE_NEEDED, "cost_payee"),
        (replace(CONVERSION, price_minor=0), ProcedureReason.PRICE_NEEDED, "price"),
        (replace(CONVERSION, price_minor=None), ProcedureReason.PRICE_NEEDED, "price"),
        (
            replace(CONVERSION, third_parties_checked=False),
            ProcedureReason.THIRD_PARTIES_NOT_CHECKED,
            "third_parties_checked",
        ),
        (replace(REDEMPTION, paid_on=None), ProcedureReason.PAID_IN_THE_FUTURE, "paid_on"),
        (replace(REDEMPTION, paid_on=date(2026, 3, 4)), ProcedureReason.PAID_IN_THE_FUTURE, "paid_on"),
        (replace(REDEMPTION, price_minor=None), ProcedureReason.PRICE_NEEDED, "price"),
        (replace(REDEMPTION, price_minor=999), ProcedureReason.LESS_THAN_THE_DEBT, "price"),
        (
            replace(REDEMPTION, cost_minor=1, cost_payee="Court"),
            ProcedureReason.LESS_THAN_THE_DEBT,
            "price",
        ),
    ],
)
def test_what_is_missing_is_named(proposal: Proposal, reason: ProcedureReason, field: str) -> None:
    assert refusal(proposal) == (reason, field)


def test_a_debtor_pays_before_the_sale_day() -> None:
    paid = replace(REDEMPTION, paid_on=date(2026, 3, 10))
    with pytest.raises(Refused) as refused:
        check_proposal(paid, now=OPENS, opens_at=OPENS, debt_minor=1_000)
    assert refused.value.reason is ProcedureReason.PAID_TOO_LATE


def test_only_what_the_rules_allow_now_is_a_step() -> None:
    possible = PossibleStep(StepKind.WITHDRAWAL)
    assert step_among([possible], StepKind.WITHDRAWAL) is possible
    with pytest.raises(Conflict) as conflict:
        step_among([possible], StepKind.TAKING)
    assert conflict.value.reason is ProcedureReason.STEP_NOT_ALLOWED
