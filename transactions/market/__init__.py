"""The market as it is shown: prior sales, prices over time, statistics, the errors of the estimates."""
