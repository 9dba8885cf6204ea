"""An auction written as JSON values, and read back strictly: its terms, options, state and result."""
