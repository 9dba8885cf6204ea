"""Guarantee letters (保函): somebody else promises to pay a deposit on demand."""
