"""Code, and see how far coders agree."""
