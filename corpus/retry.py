"""Trouble that passes is met with patience; trouble that stays is reported at once."""

from __future__ import annotations

import errno
import random
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

ATTEMPTS = 3
BACKOFF_SECONDS = 1.0  # before the second attempt; twice as long before each further one, give or take half

# What another attempt may not meet: a busy machine, a network that hiccups. A full disk and a missing right stay.
_PASSING = frozenset({
    errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ESTALE, errno.ETIMEDOUT,
    errno.ECONNRESET, errno.ECONNREFUSED, errno.ECONNABORTED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN,
    errno.EPIPE,
})  # fmt: skip


def is_passing(error: BaseException) -> bool:
    """May another attempt do better?"""
    if isinstance(error, (TimeoutError, ConnectionError)):
        return True
    return isinstance(error, OSError) and error.errno in _PASSING


def pause_after(attempt: int, *, first: float) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1): `first`, then twice as long each time.

    Give or take half, so that many who failed together do not come back together.
    """
    return first * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5)


def retry(work: Callable[[], T], *, attempts: int = ATTEMPTS) -> T:
    """What `work` gives; called again, after a growing pause, as long as its failure may pass."""
    for attempt in range(1, attempts):
        try:
            return work()
        except Exception as error:
            if not is_passing(error):
                raise
        time.sleep(pause_after(attempt, first=BACKOFF_SECONDS))
    return work()
