"""The demo: real data, scripted people. Nothing in the product imports it."""
