"""The verbs of valuations."""
