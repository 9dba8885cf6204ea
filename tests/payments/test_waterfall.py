"""Properties of the waterfall, for any sale: nothing is lost, nobody is owed less than nothing."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.commission import COURT_2020, Bearer, Commission, bearer, buyer_borne, table_amount
from payments.forfeiture import Default, settle_default
from payments.waterfall import Claim, Cost, RiskShare, Sale, Step, paid_in, settle_sale

amounts = st.integers(min_value=0, max_value=10**13)
small = st.integers(min_value=0, max_value=300)
money = st.one_of(small, amounts)
names = st.sampled_from(["a", "b", "c", "d"])
rates = st.integers(min_value=0, max_value=1000).map(lambda thousandths: Fraction(thousandths, 1000))

costs = st.lists(st.builds(Cost, to=names, kind=st.just("cost"), amount=money), max_size=4).map(tuple)
claims = st.lists(
    st.builds(Claim, creditor=names, rank=st.integers(min_value=1, max_value=3), amount=money), max_size=6
).map(tuple)


@st.composite
def commissions(draw: st.DrawFn) -> tuple[Commission, ...]:
    """Up to three commissions on the price, each with up to three shares, one of them shared again."""
    drawn: list[Commission] = []
    for index in range(draw(st.integers(min_value=0, max_value=3))):
        whole = f"agency:{index}"
        borne_by = draw(st.sampled_from(Bearer))
        if draw(st.booleans()):
            drawn.append(Commission(whole, table="court-2020", borne_by=borne_by))
        else:
            drawn.append(Commission(whole, rate=draw(rates), borne_by=borne_by))
        count = draw(st.integers(min_value=0, max_value=3))
        drawn += [Commission(f"{whole}:{n}", rate=draw(rates) / 3, share_of=whole) for n in range(count)]
        if count:
            drawn.append(Commission("attorney", rate=draw(rates), share_of=f"{whole}:0"))
    return tuple(draw(st.permutations(drawn)))


sharing = st.lists(st.builds(RiskShare, party=names, share=rates.map(lambda rate: rate / 3)), max_size=3).map(
    tuple
)
sales = st.builds(
    Sale,
    currency=st.sampled_from(["CNY", "JPY"]),
    price=money,
    costs=costs,
    commissions=commissions(),
    claims=claims,
    surplus_to=st.just("pledgor"),
    risk_sharing=sharing,
)


@settings(max_examples=300)
@given(sales)
def test_what_came_in_goes_out(sale: Sale) -> None:
    distribution = settle_sale(sale)
    received = sale.price + buyer_borne(sale.commissions, sale.price, sale.currency)
    assert distribution.received == received
    assert sum(distribution.payouts.values()) == received
    assert all(amount > 0 for amount in distribution.payouts.values())
    assert all(0 <= line.paid <= line.due for line in distribution.lines)


@settings(max_examples=300)
@given(sales)
def test_nobody_is_paid_before_those_above(sale: Sale) -> None:
    lines = settle_sale(sale).lines
    order = [Step.COST, Step.COMMISSION, Step.CLAIM]
    for earlier, later in zip(order, [*order[1:], Step.SURPLUS], strict=True):
        short = any(line.paid < line.due for line in lines if line.step is earlier)
        assert not (short and paid_in(line for line in lines if line.step is later))
    for line in lines:
        if line.rank and line.paid < line.due:
            assert not any(other.paid for other in lines if other.rank and other.rank > line.rank)


@settings(max_examples=200)
@given(sales)
def test_a_surplus_and_a_shortfall_exclude_each_other(sale: Sale) -> None:
    distribution = settle_sale(sale)
    assert not (distribution.lines[-1].paid and distribution.unpaid)
    claimed = sum(claim.amount for claim in sale.claims)
    paid = paid_in(line for line in distribution.lines if line.step is Step.CLAIM)
    assert sum(distribution.unpaid.values()) == claimed - paid


@settings(max_examples=200)
@given(sales)
def test_compensation_never_exceeds_the_rank_1_remainder(sale: Sale) -> None:
    distribution = settle_sale(sale)
    remainder = sum(line.due - line.paid for line in distribution.lines if line.rank == 1)
    assert sum(distribution.compensation.values()) <= remainder
    if sum(entry.share for entry in sale.risk_sharing) == 1:
        assert sum(distribution.compensation.values()) == remainder


@settings(max_examples=200)
@given(sales)
def test_equal_ranks_differ_from_their_proportion_by_less_than_one_unit(sale: Sale) -> None:
    lines = [line for line in settle_sale(sale).lines if line.step is Step.CLAIM]
    for rank in {line.rank for line in lines}:
        equals = [line for line in lines if line.rank == rank]
        owed, paid = sum(line.due for line in equals), sum(line.paid for line in equals)
        assert all(abs(line.paid * owed - line.due * paid) < owed or not owed for line in equals)


@given(st.integers(min_value=0, max_value=10**13), st.integers(min_value=0, max_value=10**13))
def test_the_table_never_falls_and_never_exceeds_its_first_rate(price: int, more: int) -> None:
    amount = table_amount(price, COURT_2020, "CNY")
    assert amount <= table_amount(price + more, COURT_2020, "CNY")
    assert amount <= price * Fraction(5, 100) + Fraction(1, 2)


def test_a_share_is_borne_by_whoever_bears_the_whole() -> None:
    parts = (
        Commission("attorney", rate=Fraction(1, 4), share_of="agency"),
        Commission("agency", rate=Fraction(1, 2), share_of="house"),
        Commission("house", rate=Fraction(1, 100), borne_by=Bearer.BUYER),
    )
    assert {bearer(part, parts) for part in parts} == {Bearer.BUYER}


@settings(max_examples=200)
@given(
    st.builds(
        Default,
        currency=st.just("CNY"),
        price=money,
        deposit=money,
        costs=costs,
        re_auction_price=money,
        claims=claims,
        pursue_shortfall=st.booleans(),
    )
)
def test_a_forfeited_deposit_goes_out_whole(default: Default) -> None:
    forfeiture = settle_default(default)
    assert sum(forfeiture.payouts.values()) == default.deposit
    assert all(amount > 0 for amount in forfeiture.payouts.values())
    assert 0 <= forfeiture.gap_left <= max(0, default.price - default.re_auction_price)
    assert forfeiture.pursuable == (forfeiture.gap_left if default.pursue_shortfall else 0)
    assert not (forfeiture.gap_left and any(line.paid for line in forfeiture.lines if line.rank))
