"""Bidding on several lots with one deposit: what stands for each bid, and how far the next may go."""
