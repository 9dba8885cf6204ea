"""Rates of the day at which claims in another currency are settled."""
