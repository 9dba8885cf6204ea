"""What a lot or a right is, as something to be valued on a day: facts, claim, clocks, terms."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from statistics import median_low
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import InstitutionKind
from marketplace.listings.models import Lot
from marketplace.listings.terms import DEFAULT_CURRENCY
from marketplace.money import split
from marketplace.rights.models import Right
from marketplace.rights.rules import RightType, next_annuity
from marketplace.rule_packs import load
from marketplace.rule_packs.ladder import price_limits
from transactions import carrying
from transactions.comparables.values import Subject
from transactions.hedonics.reserve import ROUNDS_LIMIT
from transactions.queries import sources_of_lot
from transactions.rules import publishing
from transactions.rules.words import AssetType, Channel
from transactions.valuations.queries import subjects as queries
from transactions.valuations.rules.asking import (
    RIGHTS_NAMED,
    Asked,
    BidEvidence,
    NamedRight,
    SaleTerms,
    basis_for,
    is_forced,
)
from transactions.valuations.rules.words import Basis, SubjectKind
from transactions.valuing import subject_of

_COURT_PACK = "cn-court"


def of_lot(
    session: Session,
    lot: Lot,
    on: date,
    *,
    basis: Basis | None = None,
    claim_minor: int | None = None,
    curve: bool = True,
) -> Asked:
    """The lot as it stands; without a basis the one that its pack and its debt suggest."""
    basis = basis or basis_for(secured=lot.default_case_id is not None, by_court=lot.rule_pack == _COURT_PACK)
    subject = replace(subject_of(lot, on), forced=is_forced(basis), attempt=lot.round)
    return Asked(
        subject=subject,
        kind=SubjectKind.LOT,
        key=f"lot:{lot.id}",
        reference=lot.reference,
        title=lot.title,
        basis=basis,
        rights=named(lot.rights),
        claim_minor=claim_minor,
        annuity_due_on=annuity_of(lot.rights, on),
        excluded=tuple(sorted(sources_of_lot(session, lot.id))),
        bids=bids_on(session, lot),
        terms=terms_of(lot, curve=curve),
    )


def of_right(right: Right, on: date, basis: Basis | None = None) -> Asked:
    """One right by itself, as it would be offered in an open auction."""
    basis = basis or Basis.ORDERLY_LIQUIDATION
    life = publishing.whole_months(on, right.expires_on) if right.expires_on else None
    subject = Subject(
        asset_type=AssetType(right.right_type.value),
        technology_field=right.technology_field,
        number_of_rights=right.registrations,
        remaining_life_months=life,
        channel=Channel.AUCTION_ENGLISH,
        forced=is_forced(basis),
        on=on,
        currency=DEFAULT_CURRENCY,
        classes=tuple(right.classes[:1]),
        country=right.number[:2] if right.number[:2].isalpha() and right.number.isascii() else "",
        age_months=publishing.whole_months(right.filed_on, on) if right.filed_on else None,
        seller_kind=InstitutionKind.BANK.value,
    )
    return Asked(
        subject=subject,
        kind=SubjectKind.RIGHT,
        key=f"right:{right.id}",
        reference=right.number,
        title=right.title,
        basis=basis,
        rights=named([right]),
        annuity_due_on=annuity_of([right], on),
    )


def named(rights: Sequence[Right]) -> tuple[NamedRight, ...]:
    """The rights as a report names them."""
    return tuple(
        NamedRight(right.number, right.title[:200], right.right_type.value, right.expires_on)
        for right in rights[:RIGHTS_NAMED]
    )


def annuity_of(rights: Iterable[Right], on: date) -> date | None:
    """The first yearly fee that falls due."""
    found = [
        next_annuity(RightType(right.right_type), right.filed_on, right.expires_on, today=on)
        for right in rights
    ]
    return min((one.due_on for one in found if one is not None), default=None)


def life_of(rights: Iterable[Right], on: date) -> int | None:
    """The median months to live, as the record counts them."""
    lives = [publishing.whole_months(on, right.expires_on) for right in rights if right.expires_on]
    return median_low(lives) if lives else None


# Rounds that the curve looks ahead where the pack does not count them.
_ROUNDS = 2
_CUT = 2_000


def terms_of(lot: Lot, *, curve: bool = True) -> SaleTerms:
    """What the pack lets the lot start at in this round and those after it, and where the floor stands."""
    pack = load(lot.rule_pack, lot.rule_pack_version)
    last = max(pack.rounds.value + 1 if pack.rounds else lot.round + _ROUNDS - 1, lot.round)
    floors, rules = [], []
    for number in range(lot.round, min(last, lot.round + ROUNDS_LIMIT - 1) + 1):
        previous = lot.previous_start_price_minor if number == lot.round else None
        limits = price_limits(pack, number, lot.reference_price_minor, previous)
        highest = max(limits, key=lambda limit: limit.amount, default=None)
        floors.append(highest.amount if highest else 0)
        rules.append(highest.rule.source if highest else "")
    cut = pack.price_cut_most_percent
    return SaleTerms(
        rule_pack=lot.rule_pack,
        rule_pack_version=lot.rule_pack_version,
        round=lot.round,
        start_minor=lot.start_price_minor,
        floors=tuple(floors),
        floor_rule=rules[0],
        cut=cut.value * 100 if cut else _CUT,
        curve=curve,
    )


def bids_on(session: Session, lot: Lot) -> BidEvidence | None:
    """What everybody can see of the lot's open bidding; None before it opens and for bids under seal."""
    auction = queries.open_auction_of(session, lot.id)
    if auction is None or auction.opened_at is None:
        return None
    channel = carrying.channel_of(auction.auction_format)
    best = queries.best_open_bid(session, auction.id)
    if publishing.published_top_bid(channel, best) is None:
        return None
    bidders, bids = queries.count_bids(session, auction.id)
    return BidEvidence(clock.moment_text(auction.opened_at), bidders, bids, best)


def claims_on(session: Session, lots: Iterable[Lot]) -> Mapping[uuid.UUID, int]:
    """The part of its case's claim that each lot secures.

    A case's claim is divided among its lots by their reference prices, evenly where one has none. A lot that
    offers others' rights together stands for them; its parts secure nothing besides.
    """
    by_case: defaultdict[uuid.UUID, list[Lot]] = defaultdict(list)
    wanted = {lot.default_case_id for lot in lots if lot.default_case_id is not None}
    for lot in queries.lots_of_cases(session, wanted):
        if lot.default_case_id is not None and lot.part_of_id is None:
            by_case[lot.default_case_id].append(lot)
    found: dict[uuid.UUID, int] = {}
    for sharing in by_case.values():
        found |= _divided(sharing)
    return found


def _divided(sharing: Sequence[Lot]) -> dict[uuid.UUID, int]:
    case: Any = sharing[0].default_case
    alike = [lot for lot in sharing if lot.currency == case.currency]
    if len(alike) != len(sharing):
        return {}
    prices = [lot.reference_price_minor or 0 for lot in alike]
    weights = prices if all(prices) else [1] * len(alike)
    parts = split(case.outstanding_minor, weights)
    return {lot.id: part for lot, part in zip(alike, parts, strict=True)}
