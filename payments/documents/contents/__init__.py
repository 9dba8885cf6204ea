"""What each kind of document says, made from the rows that it is about."""
