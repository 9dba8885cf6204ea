"""What follows a price that was not paid: more time, the forfeited deposit, the shortfall."""
