"""Cards that institutions have saved, and when what on them is held."""
