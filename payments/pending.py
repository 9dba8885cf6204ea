"""Transfers in two phases: what binds money, and the postings that end it, once."""

from collections.abc import Iterable, Sequence

from marketplace.errors import Refused
from payments.ledger import Layer, Posting
from payments.rules import Reason


def pending(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """The same movement as a promise: it takes nothing yet."""
    return tuple(Posting(posting.account, posting.minor, Layer.PENDING) for posting in postings)


def voided(promised: Iterable[Posting]) -> tuple[Posting, ...]:
    """Let go of everything that the pending postings bound."""
    return tuple(Posting(posting.account, -posting.minor, Layer.LIFTED) for posting in promised)


def confirmed(promised: Sequence[Posting], minor: int | None = None) -> tuple[Posting, ...]:
    """Let go of the promise, and make the movement: the whole, or `minor` of one between two accounts.

    Raises:
        Refused: nothing, or more than was promised, or a part of a movement between more than two accounts.
    """
    return (*voided(promised), *(Posting(entry.account, entry.minor) for entry in _part(promised, minor)))


def _part(promised: Sequence[Posting], minor: int | None) -> Sequence[Posting]:
    if minor is None:
        return promised
    whole = abs(promised[0].minor)
    if len(promised) != 2 or not 0 < minor <= whole:
        raise Refused(Reason.NOT_PROMISED)
    return [Posting(entry.account, minor if entry.minor > 0 else -minor) for entry in promised]
