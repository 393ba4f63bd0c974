"""A whole run: its options, inputs, folder of results, log and record."""
