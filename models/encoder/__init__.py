"""Sentences to vectors, without torch."""
