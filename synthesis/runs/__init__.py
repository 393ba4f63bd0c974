"""What a run changed against the one before, and the history of runs."""
