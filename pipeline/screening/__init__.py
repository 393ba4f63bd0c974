"""Screening a review: its records as they stand, in which order they come, and which of them are read and counted."""
