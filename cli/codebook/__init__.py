"""Changing the codebook from the command line."""
