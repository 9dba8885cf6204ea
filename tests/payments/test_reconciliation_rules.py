"""What a comparison keeps and says."""

from payments.gateways import GatewayState, Phase
from payments.reconciliation.rules import Booked, Comparison, Difference, Part, said


def test_a_comparison_agrees_when_all_was_compared_and_nothing_differs() -> None:
    comparison = Comparison()
    comparison.note(Part.ROWS, [], 3)
    assert comparison.agrees
    assert comparison.compared[Part.ROWS] == 3
    comparison.left = 1
    assert not comparison.agrees
    different = Comparison()
    different.note(Part.BANK, [Difference(Part.BANK, "escrow", "5", "6")], 1)
    assert not different.agrees
    assert different.differences[0].written() == {
        "part": "bank", "what": "escrow", "ours": "5", "theirs": "6",
    }  # fmt: skip


def test_both_views_are_said_in_words() -> None:
    assert str(Booked(1, 2, 3)) == "promised 1, came 2, went 3"
    assert said(GatewayState("pi_1", Phase.PAID, 5, "CNY", 4)) == f"{Phase.PAID}: 5 asked, 4 taken, in CNY"
