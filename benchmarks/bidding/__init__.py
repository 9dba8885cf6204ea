"""Bidding: by the rules alone, over HTTP beside bare SQL, and told to two thousand watchers."""

from typing import Any

from benchmarks.bidding import fan_out, over_http, rules


def run() -> list[dict[str, Any]]:
    """The figures, each beside its baseline of the same run."""
    return [*rules.run(), *over_http.run(), *fan_out.run()]
