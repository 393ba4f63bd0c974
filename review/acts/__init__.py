"""What a coder can do, subject by subject: each act turned into events of the log, and what to say of it."""
