"""Reading sales and exchange rates of others from files. Pure but for the table of technology fields."""
