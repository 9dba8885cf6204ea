"""Who is named when: before the end nobody, afterwards the winner where the law says so. Pure."""

from auctions.rules import Outcome
from marketplace.rule_packs import BuyerIdentity, Pack


def names_winner(pack: Pack, outcome: Outcome) -> bool:
    """Whether the winner's real name is published: after a sale under a pack whose law, as read, demands it.

    法释〔2016〕18号 art. 22: the confirmation with the buyer's real identity is published. Everybody else,
    and everybody under the other packs, stays an alias.
    """
    published = pack.buyer_identity.value is BuyerIdentity.PUBLISHED and pack.buyer_identity.is_law
    return published and outcome is Outcome.SOLD


def may_ask_identity(pack: Pack) -> bool:
    """Whether a seller may be shown a bidder's name before the end, one by one and with a reason.

    Not where the law publishes the buyer's name at the end: it keeps every name secret until then
    (法释〔2016〕18号 art. 18).
    """
    return not (pack.buyer_identity.value is BuyerIdentity.PUBLISHED and pack.buyer_identity.is_law)
