"""The verbs of disclosure: releasing statistics, noting exact reads, asking, and reading with two persons."""
