"""Signals: pure measures over ended auctions and traces of sign-ins. They give leads, no consequence."""
