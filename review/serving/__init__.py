"""Serving the pages: a review, and the start page with the reviews of this machine."""
