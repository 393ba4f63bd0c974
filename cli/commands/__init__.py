"""One file a command, named as the command is, in a folder for each section of `jaiza --help`."""
