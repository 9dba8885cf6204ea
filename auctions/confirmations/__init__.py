"""The confirmation of a sale (成交确认书): a paper with a code by which anybody can check it."""
