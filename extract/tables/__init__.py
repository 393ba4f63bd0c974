"""Tables between ruled lines, and the words in their cells."""
