"""What is read, and what learns from it."""
