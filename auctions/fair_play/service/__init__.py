"""Verbs of fair play: lock, read the time, ask the rules, change rows, audit. Nothing here commits."""
