"""Codings of other programs brought in."""
