"""Rights of first refusal in an auction: claimed, confirmed with an order, used or deemed waived."""
