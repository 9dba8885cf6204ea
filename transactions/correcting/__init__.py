"""Corrections of records: one person of the operator proposes, another agrees."""
