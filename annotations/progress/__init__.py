"""What to review next, and how much of what is there has been found."""
