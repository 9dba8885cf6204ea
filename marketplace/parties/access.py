"""Old place of `marketplace.access`."""

from marketplace.access import (
    AGENCY,
    BANK,
    BUYER,
    GRANTS,
    OPERATOR,
    REGULATOR,
    Actor,
    Grant,
    Scope,
    Subject,
    Verb,
    may,
    require,
    require_four_eyes,
)

__all__ = [
    "AGENCY",
    "BANK",
    "BUYER",
    "GRANTS",
    "OPERATOR",
    "REGULATOR",
    "Actor",
    "Grant",
    "Scope",
    "Subject",
    "Verb",
    "may",
    "require",
    "require_four_eyes",
]
