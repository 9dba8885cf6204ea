"""The terms of a lot as the bank drafts them, and what its rule pack says to them: pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from marketplace.clock import LOCAL_ZONE
from marketplace.errors import Refused
from marketplace.listings.rules import RISING, WITH_OWN_END, AuctionFormat, PriceBasis
from marketplace.money import Money
from marketplace.rule_packs import ConsentTier, Pack
from marketplace.rule_packs.ladder import Position
from marketplace.rule_packs.limits import Problem, check_limits
from marketplace.taxes import TaxBearer, Treatment

DEFAULT_PACK = "cn-bank"
DEFAULT_CURRENCY = "CNY"


class TermsReason(StrEnum):
    NEEDED_TO_SUBMIT = "needed_to_submit"
    PRICE_NOT_POSITIVE = "price_not_positive"
    BASIS_WITHOUT_PRICE = "basis_without_price"
    RESERVE_PUBLIC_WITHOUT_RESERVE = "reserve_public_without_reserve"
    OPENS_IN_THE_PAST = "opens_in_the_past"
    NO_RIGHTS = "no_rights"
    CONSENT_FIXED = "consent_fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LotTerms:
    """What a lot is sold under. Amounts are minor units of `currency`; field names are the Lot's columns.

    `consent_tier` None leaves what others see of the sale to the rule pack (`consent_of`).
    """

    reference: str
    title: str
    description: str = ""
    currency: str = DEFAULT_CURRENCY
    reference_price_minor: int | None = None
    reference_price_basis: PriceBasis | None = None
    start_price_minor: int | None = None
    reserve_minor: int | None = None
    reserve_public: bool = False
    deposit_minor: int | None = None
    increment_minor: int | None = None
    rule_pack: str = DEFAULT_PACK
    auction_format: AuctionFormat = AuctionFormat.ENGLISH
    options: dict[str, Any] = field(default_factory=dict)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    tax_bearer: TaxBearer = TaxBearer.EACH_OWN
    price_tax: Treatment = Treatment.NOT_DETERMINED
    consent_tier: ConsentTier | None = None


FIRST = Position()


def check_draft(
    terms: LotTerms, pack: Pack, *, published_at: datetime | None = None, position: Position = FIRST
) -> list[Refused]:
    """What is wrong with the terms already; what is still missing in a draft is not.

    Every problem names its field and, where a rule sets the limit, the rule's article. A limit that the pack
    does not hold for confirmed law only warns, and is not in this list (`warnings_of`). `position` is where
    earlier attempts have led the lot on the ladder.
    """
    found = _plain_problems(terms)
    problems = _limits(terms, pack, published_at, position)
    found += [_refusal(problem, terms) for problem in problems if problem.binding]
    return found


def warnings_of(
    terms: LotTerms, pack: Pack, *, published_at: datetime | None = None, position: Position = FIRST
) -> list[Refused]:
    """What the pack advises against without forbidding it."""
    problems = _limits(terms, pack, published_at, position)
    return [_refusal(problem, terms) for problem in problems if not problem.binding]


def check_ready(
    terms: LotTerms, pack: Pack, *, rights: int, now: datetime, position: Position = FIRST
) -> list[Refused]:
    """What stands in the way of submitting, approving and publishing the terms at the moment `now`."""
    found = [] if rights else [Refused(TermsReason.NO_RIGHTS, field="right_ids")]
    found += [Refused(TermsReason.NEEDED_TO_SUBMIT, field=name) for name in _missing(terms, pack)]
    if terms.opens_at is not None and terms.opens_at <= now:
        found.append(Refused(TermsReason.OPENS_IN_THE_PAST, field="opens_at"))
    return found + check_draft(terms, pack, published_at=now, position=position)


def _missing(terms: LotTerms, pack: Pack) -> list[str]:
    needed = ["start_price_minor", "opens_at"]
    if terms.auction_format in WITH_OWN_END:
        needed.append("closes_at")
    if pack.start_price_floor_percent is not None:
        needed += ["reference_price_minor", "reference_price_basis"]
    if pack.deposit_least_percent is not None and pack.deposit_least_percent.is_law:
        needed.append("deposit_minor")
    if terms.auction_format in RISING:
        needed.append("increment_minor")
    return [name for name in needed if getattr(terms, name) is None]


def _plain_problems(terms: LotTerms) -> list[Refused]:
    positive = ("reference_price_minor", "start_price_minor", "increment_minor", "reserve_minor")
    found = [
        Refused(TermsReason.PRICE_NOT_POSITIVE, field=name)
        for name in positive
        if (amount := getattr(terms, name)) is not None and amount <= 0
    ]
    if terms.reference_price_basis is not None and terms.reference_price_minor is None:
        found.append(Refused(TermsReason.BASIS_WITHOUT_PRICE, field="reference_price_basis"))
    if terms.reserve_public and terms.reserve_minor is None:
        found.append(Refused(TermsReason.RESERVE_PUBLIC_WITHOUT_RESERVE, field="reserve_public"))
    return found


def consent_of(chosen: ConsentTier | None, pack: Pack) -> ConsentTier:
    """What others will see of the sale: what the law fixes, else what the seller chose, else the pack's."""
    default = pack.consent_tier.value if pack.consent_tier else ConsentTier.PRICE_ONLY
    fixed = pack.consent_fixed is not None and pack.consent_fixed.value
    return default if chosen is None or fixed else chosen


def check_consent(chosen: ConsentTier | None, pack: Pack) -> ConsentTier:
    """What others will see of the sale, as `consent_of`.

    Raises:
        Refused: the seller chose something else than the law fixes.
    """
    for refused in consent_problems(chosen, pack):
        raise refused
    return consent_of(chosen, pack)


def consent_problems(chosen: ConsentTier | None, pack: Pack) -> list[Refused]:
    """What is wrong with the choice: something else than the law fixes."""
    if pack.consent_fixed is None or chosen in {None, consent_of(chosen, pack)}:
        return []
    article = pack.consent_fixed.source
    return [Refused(TermsReason.CONSENT_FIXED, field="consent_tier", article=article)]


def _limits(terms: LotTerms, pack: Pack, published_at: datetime | None, position: Position) -> list[Problem]:
    return check_limits(
        pack,
        reference_price_minor=terms.reference_price_minor,
        start_price_minor=terms.start_price_minor,
        reserve_minor=terms.reserve_minor,
        reserve_public=terms.reserve_public,
        deposit_minor=terms.deposit_minor,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        published_at=published_at,
        attempt=position.round,
        previous_start_price_minor=position.previous_start,
        failed_at=position.failed_at,
        sale_off=terms.auction_format is AuctionFormat.SALE_OFF,
        auction_format=terms.auction_format,
    )


def _refusal(problem: Problem, terms: LotTerms) -> Refused:
    limit = problem.limit
    if isinstance(limit, int):
        shown = str(Money(limit, terms.currency))
    elif isinstance(limit, datetime):
        shown = f"{limit.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
    else:
        shown = limit or ""
    article = problem.article or "–"
    return Refused(problem.reason, field=problem.field, limit=shown, percent=problem.percent, article=article)
