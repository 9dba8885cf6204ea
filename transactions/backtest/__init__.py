"""How good the estimates are: each lot is estimated from what was known before it, and then compared."""
