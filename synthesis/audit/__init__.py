"""Claims of a publication held against the coding."""
