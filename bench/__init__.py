"""Benchmarks: commands that print a table. Times are for comparing within one run, not across machines."""
