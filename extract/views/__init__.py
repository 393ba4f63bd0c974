"""What people are shown of a document: its parts in a page, pictures of evidence, a layer of words."""
