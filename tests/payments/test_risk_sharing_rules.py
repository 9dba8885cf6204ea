"""Who bears which part of what a sale did not cover."""

import pytest

from marketplace.errors import Refused
from payments.risk_sharing.rules import MOST_PARTIES, Share, SharingReason, check_shares, read_lines


def test_lines_are_read_as_written() -> None:
    assert read_lines("City guarantee fund 0.4\n\n  Insurer 0.6 ") == [
        Share("City guarantee fund", "0.4"),
        Share("Insurer", "0.6"),
    ]
    with pytest.raises(Refused) as refused:
        read_lines("0.4")
    assert refused.value.reason is SharingReason.NOT_A_SHARE


def test_shares_up_to_the_whole_are_taken() -> None:
    check_shares([Share("Fund", "0.4"), Share("Insurer", "0.6")])
    check_shares([Share("Fund", "1.0")])


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        ([], SharingReason.NO_PARTIES),
        ([Share(f"p{number}", "0.01") for number in range(MOST_PARTIES + 1)], SharingReason.NO_PARTIES),
        ([Share("Fund", "0.1"), Share("Fund", "0.2")], SharingReason.PARTY_TWICE),
        ([Share("Fund", "40%")], SharingReason.NOT_A_SHARE),
        ([Share("Fund", "0.0")], SharingReason.NOT_A_SHARE),
        ([Share("Fund", "0.5"), Share("Bank", "0.6")], SharingReason.MORE_THAN_THE_WHOLE),
    ],
)
def test_what_is_no_agreement_is_refused(shares: list[Share], reason: SharingReason) -> None:
    with pytest.raises(Refused) as refused:
        check_shares(shares)
    assert refused.value.reason is reason
