"""How long random tests run: `make soak` multiplies their examples."""

import os


def examples(count: int) -> int:
    """`count` examples in an ordinary run, SOAK times as many in a soak."""
    return count * int(os.environ.get("SOAK", "1"))
