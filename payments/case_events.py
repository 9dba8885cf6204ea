"""Reading what happened in a settlement case: a sale, or the default of a winner."""

from fractions import Fraction

from marketplace.commission import TABLES, Bearer, Commission
from payments.case_fields import Fields, MalformedCase
from payments.forfeiture import COSTS, PRICE_GAP, SURPLUS, Default
from payments.waterfall import Claim, Cost, RiskShare, Sale

_RESERVED = frozenset({COSTS, PRICE_GAP, SURPLUS})


def sale(fields: Fields) -> Sale:
    commissions = fields.items("commissions", {"to", "rate", "table", "borne_by", "share_of"}, _commission)
    _check_shares(commissions)
    risk_sharing: tuple[RiskShare, ...] = ()
    if "risk_sharing" in fields.content:
        risk_sharing = fields.items("risk_sharing", {"party", "share"}, _risk_share)
        if sum((entry.share for entry in risk_sharing), Fraction(0)) > 1:
            raise MalformedCase("risk_sharing", "the shares exceed 1")
    return Sale(
        currency=fields.currency("currency"),
        price=fields.amount("price"),
        costs=_costs(fields),
        commissions=commissions,
        claims=_claims(fields),
        surplus_to=fields.text("surplus_to"),
        risk_sharing=risk_sharing,
    )


def default(fields: Fields) -> Default:
    claims = _claims(fields)
    for index, claim in enumerate(claims):
        if claim.creditor in _RESERVED:
            raise MalformedCase(f"claims[{index}].creditor", f"{claim.creditor!r} names another payout")
    return Default(
        currency=fields.currency("currency"),
        price=fields.amount("price"),
        deposit=fields.amount("deposit"),
        costs=_costs(fields),
        re_auction_price=fields.amount("re_auction_price"),
        claims=claims,
        pursue_shortfall=fields.flag("pursue_shortfall"),
    )


def _costs(fields: Fields) -> tuple[Cost, ...]:
    return fields.items(
        "costs",
        {"to", "kind", "amount"},
        lambda entry: Cost(entry.text("to"), entry.text("kind"), entry.amount("amount")),
    )


def _claims(fields: Fields) -> tuple[Claim, ...]:
    return fields.items(
        "claims",
        {"creditor", "rank", "amount"},
        lambda entry: Claim(entry.text("creditor"), entry.rank("rank"), entry.amount("amount")),
    )


def _risk_share(entry: Fields) -> RiskShare:
    return RiskShare(entry.text("party"), entry.fraction("share"))


def _commission(entry: Fields) -> Commission:
    given = entry.content
    share_of = entry.text("share_of") if "share_of" in given else None
    if ("rate" in given) == ("table" in given):
        raise entry.malformed("rate", "give either a rate or a table")
    if share_of is not None and "table" in given:
        raise entry.malformed("table", "a share of a commission has a rate")
    borne_by = None
    if share_of is None or "borne_by" in given:
        borne_by = Bearer(entry.choice("borne_by", tuple(Bearer)))
    return Commission(
        to=entry.text("to"),
        rate=entry.fraction("rate") if "rate" in given else None,
        table=entry.choice("table", tuple(TABLES)) if "table" in given else None,
        borne_by=borne_by,
        share_of=share_of,
    )


def _check_shares(commissions: tuple[Commission, ...]) -> None:
    """A share names exactly one commission, not itself in a circle; shares of one sum to at most 1."""
    taken: dict[str, Fraction] = {}
    for index, commission in enumerate(commissions):
        if commission.share_of is None:
            continue
        field = f"commissions[{index}].share_of"
        whole = _whole(field, index, commissions)
        if commission.borne_by not in {None, whole.borne_by}:
            raise MalformedCase(f"commissions[{index}].borne_by", "differs from the commission it shares")
        taken[commission.share_of] = taken.get(commission.share_of, Fraction(0)) + (commission.rate or 0)
        if taken[commission.share_of] > 1:
            raise MalformedCase(field, f"the shares of {commission.share_of!r} exceed 1")


def _whole(field: str, index: int, commissions: tuple[Commission, ...]) -> Commission:
    """The commission on the price out of which a share is taken in the end."""
    seen = {index}
    while (name := commissions[index].share_of) is not None:
        found = [position for position, other in enumerate(commissions) if other.to == name]
        if not found:
            raise MalformedCase(field, f"no commission goes to {name!r}")
        if len(found) > 1:
            raise MalformedCase(field, f"more than one commission goes to {name!r}")
        if found[0] in seen:
            raise MalformedCase(field, f"the share of {name!r} is a share of itself")
        index = found[0]
        seen.add(index)
    return commissions[index]
