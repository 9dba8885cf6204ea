"""Auctions as files: read, run by the rules or through the database, compared, exported."""
