"""Invented services, so that a new real one breaks no test of the flow.

`services/` and `letters/` here take the place of those in content/; every other file of the
content (texts, phrases, reasons, blanks, …) is the real one.
"""
