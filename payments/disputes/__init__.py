"""Money that is asked back: disputes, refunds of paid deals, and the debts that come of them."""
