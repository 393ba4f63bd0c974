"""The review written for other programs."""
