"""Risk compensation: a pool, its agreement, and the claims of banks whose pledges brought too little."""
