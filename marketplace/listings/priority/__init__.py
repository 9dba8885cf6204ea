"""Rights of first refusal: who holds one in a lot, the notice served on them, and what they waive."""
