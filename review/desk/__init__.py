"""The pages on which a review is run: sources, runs, results, the machine, upkeep."""
