"""What pdfium tells of a page: characters, words, drawn objects, structure tree, pictures."""
