"""How much is done at once, and how Python collects garbage: numbers that the parts of a run share."""

from __future__ import annotations

import os

# When Python looks for garbage in cycles. With its usual (700, 10, 10) it walks all that libraries keep in memory again
# and again while they are imported: a fifth of the time of a run without news.
COLLECTING = (100_000, 10, 10)
# Child processes that read at once, one a core; on one core two, as each waits for the disk at times.
READERS = max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2)
PULLERS = 8  # threads that pull: most of it is waiting for hosts
