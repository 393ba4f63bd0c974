"""Results, and how they came about."""
