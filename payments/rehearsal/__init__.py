"""Settlement cases as real deals: built in a scratch database and settled by the live service."""
