"""What a failed sale's commissions come to, and what of the deposit stands for the price."""

from fractions import Fraction

from marketplace.commission import Bearer, Commission
from payments.forfeiture import Default, both_commissions, settle_default
from payments.waterfall import Cost


def test_a_share_is_taken_out_of_the_whole() -> None:
    whole = Commission("platform", rate=Fraction(1, 100), borne_by=Bearer.BUYER)
    share = Commission("agency", rate=Fraction(3, 10), share_of="platform")
    assert both_commissions([whole, share], 100_000, "CNY") == (
        Cost("platform", "commission", 700),
        Cost("agency", "commission", 300),
    )


def test_the_deposit_stands_in_for_the_missing_price() -> None:
    default = Default("CNY", 1_000, 300, (), 800, (), pursue_shortfall=False)
    forfeiture = settle_default(default)
    assert (forfeiture.gap_paid, forfeiture.gap_left) == (200, 0)
    assert forfeiture.payouts["surplus"] == 100
