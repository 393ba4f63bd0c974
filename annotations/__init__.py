"""Human judgements: the append-only log, its exchange formats and the published coding."""
