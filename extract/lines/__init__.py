"""The lines of a page, in reading order, and the style of its body text."""
