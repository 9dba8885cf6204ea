"""The price model: what a lot like this one fetches, in which range, and what the start price decides.

`attributes` and `features` say what the model sees of a lot, `model` is a fitted model as plain numbers,
`prediction`, `chance` and `reserve` answer with it in pure Python. `fitting` and what it calls use numerical
libraries and are imported by the worker, by commands and by tests only.
"""
