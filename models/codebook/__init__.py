"""What is coded: themes and their rules, the phrases that point to them, and their revisions."""
