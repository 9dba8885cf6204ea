"""Tokens of ultimate parents: the same parent has the same token in every marketplace that shares the key."""

import hmac

from marketplace.config import Config


def parent_token(settings: Config, country: str, number: str) -> str:
    """32 hexadecimal digits for a company by its registration number; "" where none is told."""
    if not number:
        return ""
    return hmac.digest(settings.parent_key, f"{country}:{number.strip().upper()}".encode(), "sha256").hex()[
        :32
    ]
