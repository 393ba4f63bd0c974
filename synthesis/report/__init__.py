"""The report of a review: figures, wording, pages."""
