"""Finding passages: by words in the full text, and by meaning."""
