"""The record of an ended auction: a file that anybody can check without this marketplace.

`docs/record-format.md` describes it. Nothing here but `writing` and `store` knows a database; reading and
checking need the file alone.
"""
