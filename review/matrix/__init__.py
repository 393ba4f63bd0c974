"""The matrix of a review as it stands while its page is served, and its values in words."""
