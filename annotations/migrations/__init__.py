"""How the tables of the log came to be what they are, one step a file; run by `annotations.log.database`."""
