"""Subsidies: programmes that pay part of what financing with intellectual property costs a firm."""
