"""What the pages explain of themselves."""
