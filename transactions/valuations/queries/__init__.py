"""Named selects of valuations; every list pages or has a limit."""
