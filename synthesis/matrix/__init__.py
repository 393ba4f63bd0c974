"""Cells of studies and themes with their evidence, merged from people and machine."""
