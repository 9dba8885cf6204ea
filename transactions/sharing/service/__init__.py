"""The verbs of sharing: apply, decide, keep keys, take in submissions, read."""
