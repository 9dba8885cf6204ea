"""Random sales and defaults, legal and odd, from a seed: one that fails comes again."""

from fractions import Fraction
from random import Random

from marketplace.commission import Bearer, Commission
from payments.forfeiture import Default
from payments.waterfall import Claim, Cost, RiskShare, Sale

PARTIES = ("bank", "second bank", "house", "agency", "partner", "pledgor", "office")
CURRENCIES = ("CNY", "JPY", "USD")


def an_amount(random: Random) -> int:
    """Nothing, a few minor units, something usual, or as much as a column holds a part of."""
    top = random.choice((1, 10, 1_000, 10**7, 10**9, 10**14))
    return random.randrange(top)


def a_fraction(random: Random) -> Fraction:
    return random.choice((Fraction(0), Fraction(1), Fraction(random.randrange(1001), 1000)))


def costs(random: Random) -> tuple[Cost, ...]:
    count = random.choice((0, 0, 1, 2, 4))
    return tuple(Cost(random.choice(PARTIES), "kind", an_amount(random)) for _ in range(count))


def claims(random: Random) -> tuple[Claim, ...]:
    count = random.choice((0, 1, 2, 3, 7))
    return tuple(
        Claim(random.choice(PARTIES), random.randrange(1, 4), an_amount(random)) for _ in range(count)
    )


def commissions(random: Random) -> tuple[Commission, ...]:
    """Up to two on the price, and shares of the first: side by side, or in a chain."""
    found: tuple[Commission, ...] = ()
    if random.random() < 0.7:
        by_table = random.random() < 0.3
        rate = None if by_table else a_fraction(random) / 10
        table = "court-2020" if by_table else None
        found += (Commission("house", rate=rate, table=table, borne_by=random.choice(tuple(Bearer))),)
        found += shares(random)
    if random.random() < 0.3:
        found += (Commission("office", rate=a_fraction(random) / 20, borne_by=Bearer.SELLER),)
    return found


def shares(random: Random) -> tuple[Commission, ...]:
    first, second = a_fraction(random), a_fraction(random)
    beside = (
        Commission("agency", rate=first / 2, share_of="house"),
        Commission("partner", rate=second / 2, share_of="house"),
    )
    chained = (
        Commission("agency", rate=first, share_of="house"),
        Commission("partner", rate=second, share_of="agency"),
    )
    return random.choice(((), beside[:1], beside, chained))


def sharing(random: Random) -> tuple[RiskShare, ...]:
    """Nobody, or up to three whose shares sum to at most 1."""
    left, shares = 1000, []
    for party in ("fund", "insurer", "government")[: random.choice((0, 1, 2, 3))]:
        share = random.choice((left, random.randrange(left + 1)))
        left -= share
        shares.append(RiskShare(party, Fraction(share, 1000)))
    return tuple(shares)


def a_sale(random: Random) -> Sale:
    return Sale(
        currency=random.choice(CURRENCIES),
        price=an_amount(random),
        costs=costs(random),
        commissions=commissions(random),
        claims=claims(random),
        surplus_to=random.choice(PARTIES),
        risk_sharing=sharing(random),
    )


def a_default(random: Random) -> Default:
    return Default(
        currency=random.choice(CURRENCIES),
        price=an_amount(random),
        deposit=an_amount(random),
        costs=costs(random),
        re_auction_price=an_amount(random),
        claims=claims(random),
        pursue_shortfall=random.random() < 0.5,
    )
