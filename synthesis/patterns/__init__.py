"""What themes have in common: sub-themes, hierarchies, recurring arguments, coverage by section."""
