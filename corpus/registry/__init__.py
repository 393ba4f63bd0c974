"""What is read: the registry of sources, reference lists brought in, screening, duplicates and editions."""
