"""Valuations: comparables, model, income and scorecard put together, kept with their inputs, told again."""
