"""What earlier sales say about the price of a lot: nearest sales, adjusted line by line, an honest range.

Pure. Floats appear for ratios alone (distances, logarithms), because a logarithm has no exact value; each is
rounded to whole basis points before it meets an amount, and from there on everything is integers, so that a
reader can do the sums again by hand.
"""
