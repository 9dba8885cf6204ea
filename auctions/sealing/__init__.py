"""Sealed bids: amounts that nobody reads before one officer of each of two institutions has opened them.

`envelopes`, `keys`, `ceremony` and `rules` are pure; the officers' tool is made of them alone, so that a
private key is only ever used on its officer's own machine.
"""
