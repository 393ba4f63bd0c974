"""What a review may be set to, and changing one setting in its file."""
