"""The close and what follows it: the winner, default, disqualification, the next round."""

from dataclasses import replace
from fractions import Fraction

from auctions.rules import (
    Action,
    EndReason,
    NextRound,
    NextRoundKind,
    Outcome,
    Reason,
    State,
    Terms,
)
from auctions.rules.ladder import ladder
from marketplace.money import round_up
from marketplace.rule_packs import AfterDefault

_SALE_OFF = "sale_off"


def close(terms: Terms, state: State) -> State:
    """The state after the end: sold to the head of the ladder, or unsold with its reason and next round."""
    best = ladder(state)
    if not best:
        return _unsold(terms, state, EndReason.NO_BIDS)
    if not _meets_reserve(terms, state, best[0]):
        return _unsold(terms, state, EndReason.RESERVE_NOT_MET)
    return _sold(state, best[0])


def give_way(state: State) -> State | Reason:
    """End without a sale because the rights are sold otherwise: of a whole and its parts one side gives way.

    Refused as `not_allowed_in_stage` before the close, as `closed` when nobody won.
    """
    if state.outcome is Outcome.OPEN:
        return Reason.NOT_ALLOWED_IN_STAGE
    return _end_unsold(state, EndReason.GAVE_WAY) if state.outcome is Outcome.SOLD else Reason.CLOSED


def strike(terms: Terms, state: State, action: Action, bidder: str | None) -> State | Reason:
    """Take the sale from its winner, who does not pay (`default`) or turns out not to be qualified.

    Whoever is asked after a winner fell away may `decline`; the winner of the hammer itself may not.

    A default forfeits the deposit. Then, by the pack, the lot goes to a new auction that bars the struck,
    or to the next on the ladder at his own best amount, as long as that meets the reserve (拍卖法 art. 50).
    Refused as `not_allowed_in_stage` before the close and for anybody but the winner, as `closed` when
    nobody won.
    """
    if state.outcome is Outcome.OPEN:
        return Reason.NOT_ALLOWED_IN_STAGE
    if state.outcome is not Outcome.SOLD or bidder is None:
        return Reason.CLOSED
    if bidder != state.winner or (action is Action.DECLINE and not state.struck):
        return Reason.NOT_ALLOWED_IN_STAGE
    forfeited = (*state.forfeited, bidder) if action is Action.DEFAULT else state.forfeited
    return _after_strike(terms, replace(state, struck=(*state.struck, bidder), forfeited=forfeited))


def _after_strike(terms: Terms, state: State) -> State:
    if terms.pack.after_default.value is AfterDefault.RE_AUCTION:
        again = NextRound(NextRoundKind.RE_AUCTION, barred=state.struck)
        return replace(_end_unsold(state, EndReason.WINNER_DEFAULTED), next_round=again)
    for candidate in ladder(state):
        if candidate not in state.struck and _meets_reserve(terms, state, candidate):
            return _sold(state, candidate)
    return _end_unsold(state, EndReason.WINNER_DEFAULTED)


def _meets_reserve(terms: Terms, state: State, bidder: str) -> bool:
    return terms.reserve_price is None or state.standing[bidder].amount >= terms.reserve_price


def _sold(state: State, winner: str) -> State:
    price = state.standing[winner].amount
    return replace(state, outcome=Outcome.SOLD, reason=None, winner=winner, leader=winner, price=price)


def sold_at(state: State, price: int) -> State:
    """The sale at another price than the winner's own amount."""
    return replace(state, price=price)


def _unsold(terms: Terms, state: State, reason: EndReason) -> State:
    return replace(_end_unsold(state, reason), next_round=_next_round(terms))


def _end_unsold(state: State, reason: EndReason) -> State:
    return replace(state, outcome=Outcome.UNSOLD, reason=reason, winner=None)


def _next_round(terms: Terms) -> NextRound | None:
    """What a pack with rounds has follow a failure (法释〔2016〕18号 art. 26); nothing after a sale-off."""
    rounds, cut = terms.pack.rounds, terms.pack.price_cut_most_percent
    if rounds is None or cut is None or terms.auction_format == _SALE_OFF:
        return None
    if terms.options.round >= rounds.value:
        return NextRound(NextRoundKind.SALE_OFF, start_price=terms.start_price)
    least = round_up(Fraction(terms.start_price * (100 - cut.value), 100))
    return NextRound(NextRoundKind.SECOND_AUCTION, least_start_price=least)
