"""All of `jaiza sources`: importing the modules registers their commands with the group."""

from flows import intake_commands, lost_commands, source_commands, twin_commands
from flows.sources_group import sources_command

__all__ = ["intake_commands", "lost_commands", "source_commands", "sources_command", "twin_commands"]
