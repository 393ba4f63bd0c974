"""Drawn lines of a page to grids of cells."""
