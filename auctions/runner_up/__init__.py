"""The next on the ladder is asked, and buys only by accepting."""
