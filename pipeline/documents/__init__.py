"""The way of one PDF: pulled, read, coded and recorded, each stage by itself; and many of them at once."""
