"""Rehearsals: a bank runs a lot's auction with scripted bidders before it publishes. Nothing is stored."""
