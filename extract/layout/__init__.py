"""Blocks, paragraphs and sections made of the lines of a document and their roles."""
