"""What the pages show of a procedure: its history as one line of time, and what may come next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy.orm import Session
from wtforms import Field

import auctions.queries
from auctions.attempts import attempt_of
from auctions.models import Auction
from auctions.notice_words import EarliestOpening, earliest_opening
from auctions.procedure import queries, service
from auctions.procedure.forms import FORMS, StepForm
from auctions.procedure.models import StepDecision
from auctions.procedure.rules import ATTEMPTS, Verdict
from marketplace.clock import LOCAL_ZONE
from marketplace.language import moment, money
from marketplace.listings.models import Lot
from marketplace.money import decimal_text
from marketplace.rule_packs import Attempt, PossibleStep, ReserveRule, StepKind, load
from marketplace.rule_packs.ladder import PriceLimit, opens_until
from marketplace.rule_packs.words import source_text

_OPENING_HOUR = 10
_USUAL_LENGTH = timedelta(days=1)
_USUAL_SALE_OFF = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: an attempt, or a proposal with its answer. One of the two is None."""

    at: datetime
    auction: Auction | None = None
    attempt: Attempt | None = None
    proposal: StepDecision | None = None
    answer: StepDecision | None = None

    @property
    def verdict(self) -> Verdict:
        return self.answer.verdict if self.answer else Verdict.PROPOSED


@dataclass(frozen=True, slots=True)
class Rule:
    """A limit in words; `is_law` is False for what only warns."""

    text: str
    is_law: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that may be proposed, with its form and what limits it."""

    kind: StepKind
    form: StepForm
    rules: list[Rule]
    price_minor: int | None
    until: datetime | None
    opened: bool

    @property
    def fields(self) -> list[Field]:
        """What is to be entered, the reason last."""
        shown = [field for field in self.form if field.type not in {"CSRFTokenField", "HiddenField"}]
        return sorted(shown, key=lambda field: field.short_name == "reason")


def history(session: Session, lot: Lot, *, everything: bool) -> list[Entry]:
    """The attempts and decisions in their order; without `everything` only what was approved."""
    rows = [
        Entry(auction.scheduled_at, auction, attempt_of(auction))
        for auction in auctions.queries.auctions_of_lot(session, lot.id)
    ]
    decisions = queries.decisions_of(session, lot.id)
    answers = {row.proposal_id: row for row in decisions if row.proposal_id}
    for row in decisions:
        answer = answers.get(row.id)
        approved = answer is not None and answer.verdict is Verdict.APPROVED
        if row.verdict is Verdict.PROPOSED and (everything or approved):
            rows.append(Entry(row.at, proposal=row, answer=answer))
    return sorted(rows, key=lambda entry: (entry.at, entry.auction is not None))


def choices(session: Session, lot: Lot, now: datetime, refused: StepForm | None = None) -> list[Choice]:
    """What may be proposed now; a form that was refused keeps what was entered and stays open."""
    return [
        Choice(
            kind=step.kind,
            form=refused if refused is not None and refused.kind is step.kind else _form(lot, step, now),
            rules=_rules(lot, step, now),
            price_minor=step.price,
            until=step.until,
            opened=refused is not None and refused.kind is step.kind,
        )
        for step in service.possible_now(session, lot, now)
    ]


def earliest(lot: Lot, now: datetime) -> EarliestOpening:
    """From when on an attempt announced now may open."""
    return earliest_opening(load(lot.rule_pack, lot.rule_pack_version), now, lot.round)


def deadline(lot: Lot) -> datetime | None:
    """Until when the next attempt of an unsold lot must have opened."""
    found = opens_until(load(lot.rule_pack, lot.rule_pack_version), lot.round, lot.failed_at)
    return found[0] if found else None


def form_for(kind: StepKind, lot: Lot, **values: object) -> StepForm:
    """The form of a kind of step, filled from the request, or with `values` where they are given."""
    form = FORMS[kind](prefix=kind, **({"formdata": None} | values if values else {}))
    form.currency = lot.currency
    pack = load(lot.rule_pack, lot.rule_pack_version)
    if "reserve_minor" in form and pack.reserve.value is ReserveRule.EQUALS_START:
        del form.reserve_minor
    return form


def _form(lot: Lot, step: PossibleStep, now: datetime) -> StepForm:
    if step.kind not in ATTEMPTS:
        return form_for(step.kind, lot, formdata=None)
    notice = earliest(lot, now)
    first = max(now, notice.at or now).astimezone(LOCAL_ZONE) + timedelta(days=1)
    opens = first.replace(hour=_OPENING_HOUR, minute=0, second=0, microsecond=0, tzinfo=None)
    length = _USUAL_SALE_OFF if step.kind is StepKind.SALE_OFF else _USUAL_LENGTH
    return form_for(
        step.kind,
        lot,
        start_price_minor=_text(_usual_start(lot, step), lot),
        reserve_minor=_text(lot.reserve_minor, lot),
        deposit_minor=_text(lot.deposit_minor, lot),
        increment_minor=_text(lot.increment_minor, lot),
        opens_at=opens,
        closes_at=opens + length,
    )


def _usual_start(lot: Lot, step: PossibleStep) -> int | None:
    """The price that a limit names exactly, else the one before."""
    exact = next((limit.amount for limit in step.limits if limit.exact), None)
    return exact if exact is not None else lot.start_price_minor


def _text(minor: int | None, lot: Lot) -> str:
    return "" if minor is None else decimal_text(minor, lot.currency)


def _rules(lot: Lot, step: PossibleStep, now: datetime) -> list[Rule]:
    found = [Rule(limit_text(limit, lot.currency), limit.rule.is_law) for limit in step.limits]
    if step.kind in ATTEMPTS:
        notice = earliest(lot, now)
        found.append(Rule(notice.text, notice.is_law))
    if step.until is not None and step.until_rule is not None:
        article, until = source_text(step.until_rule.source), moment(step.until)
        text = gettext("It must open by %(until)s (%(article)s).", until=until, article=article)
        found.append(Rule(str(text), step.until_rule.is_law))
    if step.rule is not None and step.kind not in ATTEMPTS:
        text = gettext("Allowed by %(article)s.", article=source_text(step.rule.source))
        found.append(Rule(str(text), step.rule.is_law))
    return found


def limit_text(limit: PriceLimit, currency: str) -> str:
    """A limit of the start price in words."""
    details = {
        "amount": money(limit.amount, currency),
        "percent": limit.percent,
        "article": source_text(limit.rule.source),
    }
    if limit.exact:
        return str(gettext("Start price %(amount)s, as in the last auction (%(article)s).", **details))
    if limit.of_reference:
        return str(
            gettext(
                "Start price at least %(amount)s, %(percent)s percent of the reference price (%(article)s).",
                **details,
            )
        )
    return str(
        gettext(
            "Start price at least %(amount)s, %(percent)s percent of the one before (%(article)s).", **details
        )
    )


def waiting(entries: Sequence[Entry]) -> Entry | None:
    """The proposal that nobody has answered."""
    return next((entry for entry in entries if entry.proposal and not entry.answer), None)
