"""What comes into a review: its beginning, and the files and lists that people give it."""
