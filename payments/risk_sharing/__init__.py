"""Who makes up for what a sale leaves unpaid of the first-ranking claims, by agreement."""
