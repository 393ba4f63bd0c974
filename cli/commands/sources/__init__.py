"""All of `jaiza sources`: importing the modules registers their commands with the group."""

from cli.commands.sources import add, duplicates, registry, resolve
from cli.commands.sources.group import sources_command

__all__ = ["add", "duplicates", "registry", "resolve", "sources_command"]
