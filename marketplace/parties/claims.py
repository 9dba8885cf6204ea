"""Acting on what is remembered of a sign-in, where it is asked again before anything is done in its name.

Looking up a sign-in costs a request more than all else. A view that declares `confirming_sign_in` may begin
with what an earlier request read; whoever acts for it reads the sign-ins of a crowd by one select, within
the transaction of the act, and does nothing where one has changed: ended, or its person's roles.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row

from marketplace.errors import MarketplaceError
from marketplace.parties.queries import askers


class SignInChanged(MarketplaceError):
    """The sign-in is no longer what was remembered of it; the visitor has to be identified anew."""

    status = 401


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request believes of its sign-in.

    Attributes:
        facts: everything that was read of sign-in, person and institution, but when it was last seen.
    """

    token_hash: str
    facts: tuple[Any, ...] = field(compare=False)


def claim_of(row: Row[Any]) -> Claim:
    """The claim that an earlier look-up allows."""
    return Claim(row.token_hash, _facts(row))


def changed(connection: Connection, claims: Sequence[Claim]) -> set[Claim | None]:
    """Those claims of which the database says anything else now."""
    if not claims:
        return set()
    found = askers(connection, [claim.token_hash for claim in claims])
    return {
        claim
        for claim in claims
        if (row := found.get(claim.token_hash)) is None or _facts(row) != claim.facts
    }


def _facts(row: Row[Any]) -> tuple[Any, ...]:
    return tuple(row)[:-1]  # the last one says when it was last seen
