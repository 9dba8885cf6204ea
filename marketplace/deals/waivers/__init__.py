"""Waiving the title: money leaves before the office has confirmed the transfer, by two persons."""
