"""From labelled passages to a fitted model."""
