"""Rule packs: the limits and defaults a sale runs under, as versioned data with the source of every number.

Listings checks drafts against them and auctions runs by them; both read them here because a listing may not
look into an auction. The newest version of a pack is `NAME.toml`; an older one that lots still run under
stays beside it as `NAME@VERSION.toml`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from marketplace.errors import MarketplaceError
from marketplace.rule_packs.choices import CommissionTable, ConsentTier, Forfeiture

NAMES = ("cn-court", "cn-bank", "cn-state", "open")

_FOLDER = Path(__file__).parent
_VERSION = re.compile(r"[0-9]{1,4}")

Value = TypeVar("Value", covariant=True)  # noqa: PLC0105 - the plain name reads better in annotations


class UnknownPack(MarketplaceError):
    """There is no rule pack of that name, or not in that version; the message names what there is."""

    status = 422


class BadPack(MarketplaceError):
    """A pack's file lacks a number, has one too many, or does not say where one comes from."""


class Basis(StrEnum):
    """How well a number is founded. Only READ may be shown as law."""

    READ = "V"
    SECONDARY = "S"
    UNCONFIRMED = "K"
    OWN = "I"


class AfterDefault(StrEnum):
    RE_AUCTION = "re_auction"
    NEXT_ON_LADDER = "next_on_ladder"


class ReserveRule(StrEnum):
    EQUALS_START = "equals_start"
    PUBLIC = "public"
    MAY_BE_SECRET = "may_be_secret"  # noqa: S105 - a rule about reserves


class BuyerIdentity(StrEnum):
    PUBLISHED = "published"
    SECRET_ON_REQUEST = "secret_on_request"  # noqa: S105 - a rule of publication
    BY_CONTRACT = "by_contract"


@dataclass(frozen=True, slots=True)
class Sourced(Generic[Value]):
    """A value with the article or custom it comes from."""

    value: Value
    basis: Basis
    source: str

    @property
    def is_law(self) -> bool:
        """True only where the text of the rule was read."""
        return self.basis is Basis.READ


Number = Sourced[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One version of one pack. None means that the pack sets no such limit.

    Attributes:
        start_price_floor_percent: of the reference price.
        notice_days, notice_days_later: from publication to the opening, first and later attempts.
        deposit_least_percent, deposit_most_percent: of the start price.
        price_cut_most_percent: how far a later attempt's start price may fall below the one before.
        rounds: attempts before a sale-off.
        notice_working_days: in place of `notice_days`, in working days of the pack's jurisdiction.
        sale_off_floor_percent: of the reference price, the least start price of a sale-off.
        sale_off_within_days: from the last failed auction to the opening of the sale-off.
        approval_below_percent: of the reference price; a later start price below it needs an approval.
        creditor_may_take: after a failed attempt, at its reserve (以物抵债).
        ascending_only: whether a lot may be sold only by open ascending bids, or a sale-off after them.
        may_convert: creditor and pledgor may agree a price (折价).
        may_redeem: the debtor may stop the sale before its day by paying what is owed.
        may_withdraw: the seller may withdraw before the sale begins.
        payment_days: default deadline for the balance, from the close.
        pursue_shortfall: whether a defaulter owes what the next sale brings less.
        proxy: whether bidders may leave a maximum, unless the lot says otherwise.
        priority_notice_days: from the notice to a holder of a right of first refusal to the announcement.
        priority_public_notice_days: after which a public notice counts as received.
        priority_two_persons: whether holders and the service of their notices need a second person.
        offers_window_days_most: how long offers may be taken after a failed auction; None for never.
        offers_count_public: whether everybody sees how many offers were left in such a window.
        operator_extension_most_hours: how far the operator may move an end at once.
        outage_extension_most_hours: how far an outage of the platform moves an end by itself; after a longer
            one the auction stays suspended until the operator resumes it.
        outage_notice_minutes: what is left at least for bidding once the platform is back.
        bidders_least: how many persons must bid for a sale to stand.
        prolongation_days_most, prolongations_most: how far, and how often, an officer may move a deadline for
            the balance; None where the pack sets no such limit and the platform's own holds.
        forfeiture: what a forfeited deposit pays, in which order.
        resale_within_days: after a default; a deposit whose lot is not sold again by then may be distributed.
        runner_up_days: how long the next on the ladder has to accept; nobody buys by being silent.
        commission_most_basis_points: of the price, the most that each side pays the platform unless more was
            agreed; commission_table: the table that caps what the buyer pays.
        hold_back_days: how long money stays here after the title has passed.
        reversible_hold_back_days: how long money stays here after it was paid by card or wallet, whose payer
            can have it taken back.
        title_before_payout: whether the title must have passed, or been waived, before money leaves.
        stamp_duty_basis_points: of the price, what a buyer may expect to pay to the tax office: an estimate.
        deposit_by_guarantee: whether somebody else may promise a deposit instead of its being paid.
        spending_limit_percent: of what is bid on several lots, what one deposit for all of them must cover;
            None where every lot has a deposit of its own.
        consent_tier: how much of a sale others may see, unless the seller chooses otherwise.
        consent_fixed: whether the seller may not choose, because the law publishes the sale.
        contest_fee_units: what the operator pays to whoever estimated a sold lot most closely, in whole
            units of its currency; None for nothing.
    """

    name: str
    version: str
    title: str
    after_default: Sourced[AfterDefault]
    reserve: Sourced[ReserveRule]
    buyer_identity: Sourced[BuyerIdentity]
    extension_window_seconds: Sourced[int]
    extension_seconds: Sourced[int]
    payment_days: Sourced[int]
    retention_years: Sourced[int]
    creditor_may_bid: Sourced[bool]
    pursue_shortfall: Sourced[bool]
    proxy: Sourced[bool]
    start_price_floor_percent: Number = None
    notice_days: Number = None
    notice_days_later: Number = None
    deposit_least_percent: Number = None
    deposit_most_percent: Number = None
    bidding_hours_least: Number = None
    price_cut_most_percent: Number = None
    rounds: Number = None
    next_auction_within_days: Number = None
    sale_off_days: Number = None
    sale_off_countdown_seconds: Number = None
    deposit_return_hours: Number = None
    notice_working_days: Number = None
    sale_off_floor_percent: Number = None
    sale_off_within_days: Number = None
    approval_below_percent: Number = None
    creditor_may_take: Sourced[bool] | None = None
    ascending_only: Sourced[bool] | None = None
    may_convert: Sourced[bool] | None = None
    may_redeem: Sourced[bool] | None = None
    may_withdraw: Sourced[bool] | None = None
    priority_notice_days: Number = None
    priority_public_notice_days: Number = None
    priority_two_persons: Sourced[bool] | None = None
    offers_window_days_most: Number = None
    offers_count_public: Sourced[bool] | None = None
    operator_extension_most_hours: Number = None
    outage_extension_most_hours: Number = None
    outage_notice_minutes: Number = None
    stamp_duty_basis_points: Number = None
    bidders_least: Number = None
    prolongation_days_most: Number = None
    prolongations_most: Number = None
    forfeiture: Sourced[Forfeiture] | None = None
    resale_within_days: Number = None
    runner_up_days: Number = None
    commission_most_basis_points: Number = None
    commission_table: Sourced[CommissionTable] | None = None
    hold_back_days: Number = None
    reversible_hold_back_days: Number = None
    title_before_payout: Sourced[bool] | None = None
    spending_limit_percent: Number = None
    deposit_by_guarantee: Sourced[bool] | None = None
    consent_tier: Sourced[ConsentTier] | None = None
    consent_fixed: Sourced[bool] | None = None
    contest_fee_units: Number = None


_TEXTS = frozenset({"name", "version", "title"})
_FLAGS = frozenset(
    {
        "ascending_only",
        "consent_fixed",
        "creditor_may_bid",
        "creditor_may_take",
        "deposit_by_guarantee",
        "may_convert",
        "may_redeem",
        "may_withdraw",
        "priority_two_persons",
        "offers_count_public",
        "proxy",
        "pursue_shortfall",
        "title_before_payout",
    }
)
_WORDS: dict[str, type[StrEnum]] = {
    "after_default": AfterDefault,
    "reserve": ReserveRule,
    "buyer_identity": BuyerIdentity,
    "forfeiture": Forfeiture,
    "commission_table": CommissionTable,
    "consent_tier": ConsentTier,
}


@lru_cache(maxsize=64)
def load(name: str, version: str | None = None) -> Pack:
    """The pack of that name, in its newest or the named version.

    Raises:
        UnknownPack: there is none.
    """
    if name not in NAMES:
        raise UnknownPack(f"rule pack {name[:40]!r} is unknown; there are {', '.join(NAMES)}")
    newest = parse((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    if version in {None, newest.version}:
        return newest
    older = _FOLDER / f"{name}@{version}.toml"
    if not _VERSION.fullmatch(version or "") or not older.is_file():
        raise UnknownPack(f"rule pack {name} has no version {str(version)[:20]!r}; newest {newest.version}")
    return parse(older.read_text(encoding="utf-8"))


def parse(text: str) -> Pack:
    """Read a pack's TOML; raises BadPack for anything missing, unknown or without a source."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPack(str(error)) from error
    return read_pack(raw)


def read_pack(raw: Mapping[str, Any]) -> Pack:
    """A pack of its raw values; raises BadPack for anything missing, unknown or without a source."""
    unknown = raw.keys() - {field.name for field in fields(Pack)}
    if unknown:
        raise BadPack(f"unknown: {', '.join(sorted(unknown))}")
    try:
        return Pack(**{key: _read(key, value) for key, value in raw.items()})
    except (TypeError, ValueError, KeyError) as error:
        raise BadPack(str(error)) from error


def _read(key: str, value: Any) -> Any:
    if key in _TEXTS:
        return str(value)
    content = value["value"]
    if key in _WORDS:
        content = _WORDS[key](content)
    elif type(content) is not (bool if key in _FLAGS else int):
        raise BadPack(f"{key} has a value of the wrong type")
    if not value["source"]:
        raise BadPack(f"{key} does not say where it comes from")
    return Sourced(content, Basis(value["basis"]), value["source"])
