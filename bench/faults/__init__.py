"""Disturbances of every kind, counted in one table: `python -m bench.faults KIND`."""
