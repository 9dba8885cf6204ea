"""Pure: the words of the record of sales, the facts it keeps, and what of them may be published."""
