"""Measures the site: `make bench`. Every goal is a ratio taken within one run, because machines are noisy."""
