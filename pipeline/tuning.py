"""Settings of the interpreter that every entry point shares."""

from __future__ import annotations

# When Python looks for garbage in cycles. With its usual (700, 10, 10) it walks all that libraries keep in memory again
# and again while they are imported: a fifth of the time of a run without news.
COLLECTING = (100_000, 10, 10)
