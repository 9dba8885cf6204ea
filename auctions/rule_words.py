"""The rules of one auction in plain sentences, each with where it comes from when that is law."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext

from auctions.rules import Grid, Terms
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
        RuleLine(gettext("Raise"), raise_words(terms)),
        RuleLine(gettext("Extension"), extension_words(terms), _law(terms.pack.extension_window_seconds)),
        _reserve(terms, reserve_public=reserve_public),
        RuleLine(gettext("Maximum"), _maximum(terms)),
        _deposit(terms),
        RuleLine(gettext("Payment"), _payment(terms), _law(terms.pack.payment_days)),
        RuleLine(gettext("If the winner does not pay"), _default(terms), _law(terms.pack.after_default)),
        RuleLine(
            gettext("What binds"),
            gettext(
                "A bid cannot be taken back. The server's clock decides; a bid at the very end is too late."
            ),
        ),
    ]


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


def _payment(terms: Terms) -> str:
    days = terms.pack.payment_days.value
    return str(gettext("The winner pays the whole price within %(days)s days of the end.", days=days))


def _default(terms: Terms) -> str:
    if terms.pack.after_default.value is AfterDefault.RE_AUCTION:
        return str(gettext("The deposit is forfeited and the lot is auctioned again, without the defaulter."))
    return str(
        gettext("The deposit is forfeited and the lot goes to the next bidder at that bidder's own best bid.")
    )
