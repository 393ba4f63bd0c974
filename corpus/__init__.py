"""What is read: the registry of sources, screening, pulling PDFs, the content-addressed store."""
