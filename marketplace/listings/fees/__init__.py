"""What the platform takes for a sale: terms by the operator, fixed for each lot at its publication."""
