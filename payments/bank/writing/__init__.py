"""Payment files: what the bank is told to pay, in the form that it takes."""
