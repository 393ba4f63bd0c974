"""Codebook, phrase rules and classifier: passages to scored, explained suggestions."""
