"""Look after a review."""
