"""A model applied: suggestions for the passages of a document, proposals for a study."""
