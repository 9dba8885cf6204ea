"""One record of sales, many marketplaces: who may write into it, how it is signed, and how it is read."""
