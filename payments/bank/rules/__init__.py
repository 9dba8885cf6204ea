"""What is decided about statements, lines, payers and payees, without a database."""
