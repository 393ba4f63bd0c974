"""The pages of the review in the browser, one a file."""
