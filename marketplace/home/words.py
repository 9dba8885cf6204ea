"""The words for roles, and for rule packs: the names of their numbers and how well each is founded."""

from collections.abc import Callable
from decimal import Decimal

from flask_babel import gettext, lazy_gettext, ngettext

from marketplace.parties.rules import Role
from marketplace.rule_packs import (
    AfterDefault,
    Basis,
    BuyerIdentity,
    CommissionTable,
    ConsentTier,
    Forfeiture,
    Pack,
    ReserveRule,
    Sourced,
)
from marketplace.rule_packs.words import source_text

ROLES = {
    Role.OFFICER: lazy_gettext("Officer"),
    Role.APPROVER: lazy_gettext("Approver"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}

# In the order in which a sale meets them.
NUMBERS = {
    "start_price_floor_percent": lazy_gettext("Start price, at least, of the reference price"),
    "ascending_only": lazy_gettext("Only open ascending bids, or a sale-off after them"),
    "reserve": lazy_gettext("Reserve price"),
    "notice_days": lazy_gettext("Notice before the first auction"),
    "notice_days_later": lazy_gettext("Notice before a later auction"),
    "notice_working_days": lazy_gettext("Notice before an auction, in working days"),
    "priority_notice_days": lazy_gettext(
        "Notice to holders of a right of first refusal before the announcement"
    ),
    "priority_public_notice_days": lazy_gettext("A public notice counts as received after"),
    "priority_two_persons": lazy_gettext("Two persons confirm holders and the service of notices"),
    "deposit_least_percent": lazy_gettext("Deposit, at least, of the start price"),
    "deposit_most_percent": lazy_gettext("Deposit, at most, of the start price"),
    "deposit_by_guarantee": lazy_gettext("A guarantee letter may stand for the deposit"),
    "spending_limit_percent": lazy_gettext("A deposit for several lots covers, of what is bid"),
    "creditor_may_bid": lazy_gettext("The creditor may bid"),
    "proxy": lazy_gettext("Bidders may leave a maximum"),
    "bidders_least": lazy_gettext("Persons who must bid, at least"),
    "bidding_hours_least": lazy_gettext("Bidding lasts at least"),
    "extension_window_seconds": lazy_gettext("A bid extends the auction when less than this is left"),
    "extension_seconds": lazy_gettext("It is then extended by"),
    "price_cut_most_percent": lazy_gettext("A later start price may fall by at most"),
    "rounds": lazy_gettext("Auctions before a sale-off"),
    "next_auction_within_days": lazy_gettext("Next auction within"),
    "approval_below_percent": lazy_gettext("A start price needs an approval below, of the reference price"),
    "sale_off_within_days": lazy_gettext("Sale-off within"),
    "sale_off_floor_percent": lazy_gettext("Start price of a sale-off, at least, of the reference price"),
    "sale_off_days": lazy_gettext("A sale-off lasts"),
    "sale_off_countdown_seconds": lazy_gettext("A bid in a sale-off is overbid within"),
    "operator_extension_most_hours": lazy_gettext("The operator may move an end by at most"),
    "outage_extension_most_hours": lazy_gettext("After an outage the end moves by itself by at most"),
    "outage_notice_minutes": lazy_gettext("After an outage bidding goes on for at least"),
    "creditor_may_take": lazy_gettext("The creditor may take the right at the reserve"),
    "may_convert": lazy_gettext("Creditor and pledgor may agree a conversion"),
    "may_redeem": lazy_gettext("The debtor may redeem before the sale day"),
    "may_withdraw": lazy_gettext("The seller may withdraw before the sale begins"),
    "offers_window_days_most": lazy_gettext("Offers after an auction without a buyer, for at most"),
    "offers_count_public": lazy_gettext("Everybody sees how many offers there are"),
    "payment_days": lazy_gettext("Time to pay the balance"),
    "prolongation_days_most": lazy_gettext("An officer may give more time to pay, each time at most"),
    "prolongations_most": lazy_gettext("So many times at most"),
    "deposit_return_hours": lazy_gettext("Deposits go back within"),
    "stamp_duty_basis_points": lazy_gettext("Stamp duty that a buyer may expect"),
    "after_default": lazy_gettext("When the winner does not pay"),
    "runner_up_days": lazy_gettext("The next bidder has, to accept"),
    "forfeiture": lazy_gettext("A forfeited deposit pays"),
    "resale_within_days": lazy_gettext("It waits for the next sale for at most"),
    "pursue_shortfall": lazy_gettext("A defaulter owes what the next sale brings less"),
    "commission_most_basis_points": lazy_gettext(
        "Commission of the platform from each side, unless more is agreed, at most"
    ),
    "commission_table": lazy_gettext("Commission of the platform from the buyer, at most"),
    "title_before_payout": lazy_gettext("Money goes out only once the title has passed or was waived"),
    "hold_back_days": lazy_gettext("Money stays here after the transfer for"),
    "reversible_hold_back_days": lazy_gettext("Money paid by card or wallet stays here for"),
    "buyer_identity": lazy_gettext("Name of the buyer"),
    "consent_tier": lazy_gettext("What others see of the sale, unless the seller chooses otherwise"),
    "contest_fee_units": lazy_gettext("Fee for the closest estimate, in whole units"),
    "consent_fixed": lazy_gettext("The law publishes the sale: the seller may not choose"),
    "retention_years": lazy_gettext("Records are kept"),
}

BASES = {
    Basis.READ: lazy_gettext("Law, read in its text"),
    Basis.SECONDARY: lazy_gettext("From a secondary source, not confirmed"),
    Basis.UNCONFIRMED: lazy_gettext("Not confirmed"),
    Basis.OWN: lazy_gettext("Default of this marketplace or contract"),
}

TONES = {Basis.READ: "done", Basis.SECONDARY: "waiting", Basis.UNCONFIRMED: "waiting", Basis.OWN: "plain"}

CHOICES = {
    AfterDefault.RE_AUCTION: lazy_gettext("a new auction"),
    AfterDefault.NEXT_ON_LADDER: lazy_gettext("the next highest bidder is asked"),
    ReserveRule.EQUALS_START: lazy_gettext("is the start price"),
    ReserveRule.PUBLIC: lazy_gettext("is published"),
    ReserveRule.MAY_BE_SECRET: lazy_gettext("may be kept secret"),
    Forfeiture.COURT: lazy_gettext("the costs, the gap in price, then the debts"),
    Forfeiture.COMMERCIAL: lazy_gettext(
        "the costs, both commissions of the failed sale, the gap in price, then the debts"
    ),
    ConsentTier.PUBLIC: lazy_gettext("everything"),
    ConsentTier.PRICE_ONLY: lazy_gettext("the price and the kind, no party"),
    ConsentTier.POOL: lazy_gettext("in sums and coarse figures only"),
    ConsentTier.SEALED: lazy_gettext("nothing"),
    CommissionTable.COURT_2020: lazy_gettext("the court's table of 2020"),
    BuyerIdentity.PUBLISHED: lazy_gettext("is published"),
    BuyerIdentity.SECRET_ON_REQUEST: lazy_gettext("is kept secret on request"),
    BuyerIdentity.BY_CONTRACT: lazy_gettext("as the contract says"),
}


def pack_rows(pack: Pack) -> list[dict[str, object]]:
    """The numbers that a pack sets, in the order of a sale, with source and standing."""
    rows = []
    for name, label in NUMBERS.items():
        number: Sourced[object] | None = getattr(pack, name)
        if number is not None:
            rows.append(
                {
                    "label": label,
                    "value": number_text(name, number.value),
                    "source": source_text(number.source),
                    "basis": BASES[number.basis],
                    "tone": TONES[number.basis],
                }
            )
    return rows


def number_text(name: str, value: object) -> str:
    """A number of a pack in words; its unit is the end of its name."""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if not isinstance(value, int):
        return str(CHOICES[value])  # type: ignore[index]
    if name.endswith("_seconds"):
        return _seconds_text(value)
    unit = next((unit for unit in UNITS if f"_{unit}" in name), None)
    return UNITS[unit](value) if unit else str(value)


UNITS: dict[str, Callable[[int], str]] = {
    "percent": lambda value: f"{value} %",
    "basis_points": lambda value: f"{Decimal(value) / 100} %",
    "days": lambda value: str(ngettext("%(num)s day", "%(num)s days", value)),
    "years": lambda value: str(ngettext("%(num)s year", "%(num)s years", value)),
    "hours": lambda value: str(ngettext("%(num)s hour", "%(num)s hours", value)),
    "minutes": lambda value: str(ngettext("%(num)s minute", "%(num)s minutes", value)),
}


def _seconds_text(seconds: int) -> str:
    if seconds % 3600 == 0:
        return UNITS["hours"](seconds // 3600)
    if seconds % 60 == 0:
        return UNITS["minutes"](seconds // 60)
    return str(ngettext("%(num)s second", "%(num)s seconds", seconds))
