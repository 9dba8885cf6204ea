"""Connected accounts: where a payee has the gateway pay it, and the transfers that do."""
