"""What a flow run does without, and does early, where the server is Jaiza's own.

Signs of life are left out: a run's own server ends with it, and `jaiza serve` sees the end of what it started. The
thread of Prefect that sends them looks once a second whether the run is over, and the end of every run would wait for
it, half a second in the mean. The connection for events is opened at once, beside the work, instead of at the end.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from flows.prefect_server import OWN_SERVER


@contextmanager
def lean_engine() -> Iterator[None]:
    """For the runs of the block; where the server is somebody else's, Prefect is left as it is."""
    if not os.environ.get(OWN_SERVER):
        yield
        return
    from prefect.context import SettingsContext, get_settings_context
    from prefect.events.worker import EventsWorker

    logging.getLogger(EventsWorker.__name__).setLevel(logging.CRITICAL)  # would tell that it waits for the last event
    EventsWorker.instance()
    now = get_settings_context()
    flows = now.settings.flows.model_copy(update={"heartbeat_frequency": None})  # no environment variable can say None
    with SettingsContext(profile=now.profile, settings=now.settings.model_copy(update={"flows": flows})):
        yield
