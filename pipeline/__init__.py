"""The stages from a source to its coded document, whole runs, and what commands and pages do with them."""
