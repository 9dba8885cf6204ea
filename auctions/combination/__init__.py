"""Lots sold together or apart: a whole against the sum of its parts."""
