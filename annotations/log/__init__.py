"""The append-only log of decisions and marks, and the people who may write to it."""
