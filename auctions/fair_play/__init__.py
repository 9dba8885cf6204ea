"""Fair play: who may not bid, and what a person should look into. Nothing here punishes anybody by itself."""
