"""Dates of the interface, one module per language because Django looks for them there."""
