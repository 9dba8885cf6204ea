"""The ladder of a lot: what follows a failed attempt, decided step by step by two persons of the bank."""
