"""Who sees how much of a recorded sale: tiers, ages, coarse figures, cells, budgets, the log of reads."""
