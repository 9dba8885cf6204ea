"""Reading the ledger: statements of a party, and the trail of every fen of a deal or lot."""
