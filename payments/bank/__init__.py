"""The operator's bank account: where buyers pay, what its statements show, what is paid out of it."""
