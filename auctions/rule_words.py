"""The rules of one auction in plain sentences, each with where it comes from when that is law."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext

from auctions.rules import Grid, Pricing, Terms
from marketplace.language import duration, moment, money
from marketplace.rule_packs import AfterDefault, ReserveRule, Sourced
from marketplace.rule_packs.words import source_text


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule.

    Attributes:
        name: what it is about, in a word or two.
        source: the article, where the text of the law was read; empty for custom and contract.
    """

    name: str
    text: str
    source: str = ""


def rule_lines(terms: Terms, *, reserve_public: bool) -> list[RuleLine]:
    """Everything that a bidder has to know before bidding, in the order in which it matters."""
    return [
        *course_lines(terms),
        _reserve(terms, reserve_public=reserve_public),
        _deposit(terms),
        RuleLine(gettext("Payment"), payment_words(terms), _law(terms.pack.payment_days)),
        RuleLine(gettext("If the winner does not pay"), _default(terms), _law(terms.pack.after_default)),
        RuleLine(
            gettext("What binds"),
            gettext(
                "A bid cannot be taken back. The server's clock decides; a bid at the very end is too late."
            ),
        ),
    ]


def course_lines(terms: Terms) -> list[RuleLine]:
    """How bidding runs in this format."""
    if terms.auction_format not in {"english", "sale_off"}:
        return [RuleLine(gettext("Course"), str(_COURSES[terms.auction_format](terms)))]
    lines = [
        RuleLine(gettext("Raise"), raise_words(terms)),
        RuleLine(gettext("Extension"), extension_words(terms), _law(terms.pack.extension_window_seconds)),
        RuleLine(gettext("Maximum"), _maximum(terms)),
    ]
    if terms.auction_format == "sale_off":
        lines.insert(0, RuleLine(gettext("Course"), str(_sale_off_words(terms))))
    return lines


def _sale_off_words(terms: Terms) -> Any:
    return gettext(
        "The price stands until somebody bids it. The first bid starts a countdown of %(length)s, in which "
        "everybody may bid more.",
        length=_length(terms.options.countdown_seconds),
    )


def _rounds_words(terms: Terms) -> Any:
    times = terms.options.turns
    return gettext(
        "Sealed first bids until the opening; then %(rounds)s rounds, in each of which every bidder has one "
        "turn of %(turn)s, the lowest first. A bid must exceed one's own amount by %(step)s; the highest "
        "amount wins.",
        rounds=times.rounds,
        turn=_length(times.turn_seconds),
        step=money(terms.increment, terms.currency),
    )


def _clock_words(terms: Terms) -> Any:
    clock = terms.options.clock
    return gettext(
        "The price falls by %(step)s every %(interval)s. The first who takes it has it, at the price of that "
        "moment.",
        step=money(clock.step, terms.currency),
        interval=_length(clock.interval_seconds),
    )


def _hybrid_words(terms: Terms) -> Any:
    clock = terms.options.clock
    following = gettext(
        "Then everybody else may bid more, sealed, for %(sealed)s; then the one who took may better the best "
        "of them by %(step)s within %(best)s.",
        sealed=_length(clock.sealed_seconds),
        step=money(clock.best_bid_step, terms.currency),
        best=_length(clock.best_bid_seconds),
    )
    return f"{_clock_words(terms)} {following}"


def _sealed_words(terms: Terms) -> Any:
    own = gettext(
        "Nobody sees an amount before the end; of several the last counts. The highest wins and pays it."
    )
    second = gettext(
        "Nobody sees an amount before the end; of several the last counts. The highest wins and pays the "
        "second-best amount."
    )
    return second if terms.options.pricing is Pricing.SECOND else own


_COURSES: dict[str, Callable[[Terms], Any]] = {
    "english_rounds": _rounds_words,
    "dutch": _clock_words,
    "hybrid_dutch": _hybrid_words,
    "sealed": _sealed_words,
}


def _law(rule: Sourced[object] | None) -> str:
    return source_text(rule.source) if rule is not None and rule.is_law else ""


def raise_words(terms: Terms) -> str:
    """How much more each bid must be."""
    if terms.options.increment_table:
        return str(gettext("Each bid must exceed the current price by a raise that grows with the price."))
    step = money(terms.increment, terms.currency)
    if terms.options.grid is Grid.MULTIPLE:
        return str(
            gettext("Each bid must be a whole number of raises of %(step)s above the start price.", step=step)
        )
    return str(gettext("Each bid must be at least %(step)s above the current price.", step=step))


def extension_words(terms: Terms) -> str:
    """What a late bid does to the end."""
    options = terms.options
    if not options.extension_seconds:
        return str(gettext("The end is fixed; late bids do not extend it."))
    window = _length(options.extension_window_seconds)
    extension = _length(options.extension_seconds)
    text: str = gettext(
        "A bid in the last %(window)s moves the end to %(extension)s after that bid.",
        window=window,
        extension=extension,
    )
    if options.hard_stop_at is None:
        return text
    limit = gettext("Never beyond %(moment)s.", moment=moment(options.hard_stop_at, seconds=True))
    return f"{text} {limit}"


def _length(seconds: int) -> str:
    return duration(timedelta(seconds=seconds))


def _reserve(terms: Terms, *, reserve_public: bool) -> RuleLine:
    rule, source = terms.pack.reserve, _law(terms.pack.reserve)
    if terms.reserve_price is not None and (reserve_public or rule.value is not ReserveRule.MAY_BE_SECRET):
        amount = money(terms.reserve_price, terms.currency)
        return RuleLine(
            gettext("Reserve"), gettext("The seller sells at %(amount)s or more.", amount=amount), source
        )
    if rule.value is ReserveRule.MAY_BE_SECRET:
        text = gettext("The seller may have a reserve price that is not shown; below it nothing is sold.")
        return RuleLine(gettext("Reserve"), text, source)
    return RuleLine(
        gettext("Reserve"), gettext("The start price is the least at which the seller sells."), source
    )


def _maximum(terms: Terms) -> str:
    if terms.options.proxy:
        return str(
            gettext(
                "You may leave a maximum, seen by nobody else before the end. The system bids for "
                "you, never more than is needed to lead."
            )
        )
    return str(gettext("No maximum can be left: every bid is made by hand."))


def _deposit(terms: Terms) -> RuleLine:
    name = gettext("Deposit")
    if not terms.deposit:
        return RuleLine(name, gettext("No deposit is asked."))
    text = gettext(
        "%(amount)s must be held before the first bid. It counts towards the winner's price; the others get "
        "it back.",
        amount=money(terms.deposit, terms.currency),
    )
    return RuleLine(name, text, _law(terms.pack.deposit_least_percent))


def payment_words(terms: Terms) -> str:
    """When the winner pays."""
    days = terms.pack.payment_days.value
    return str(gettext("The winner pays the whole price within %(days)s days of the end.", days=days))


def _default(terms: Terms) -> str:
    if terms.pack.after_default.value is AfterDefault.RE_AUCTION:
        return str(gettext("The deposit is forfeited and the lot is auctioned again, without the defaulter."))
    return str(
        gettext("The deposit is forfeited and the lot goes to the next bidder at that bidder's own best bid.")
    )
