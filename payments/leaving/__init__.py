"""What a sale cost whose lot was withdrawn or redeemed: owed by whoever ended it."""
