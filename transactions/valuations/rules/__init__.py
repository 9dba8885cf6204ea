"""Pure rules of valuations."""
