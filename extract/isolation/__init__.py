"""A PDF read in a process of its own, so that one that crashes or hangs harms nothing else."""
