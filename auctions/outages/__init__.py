"""Outages of the platform: the time in which nobody could bid is given back to running auctions."""
