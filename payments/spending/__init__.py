"""One deposit for several lots: the money behind a spending limit."""
