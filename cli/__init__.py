"""The `jaiza` command."""
