"""A process that has imported what a flow run needs and waits for one: `python -m flows.warm_process`.

Its job comes as one line of JSON on standard input, the environment of the flow run. It then does what
`python -m prefect.engine` does, which is what Prefect would have started. Where standard input is closed before that,
whoever held it is gone, and so it leaves.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import sys
import warnings

from pipeline.tuning import COLLECTING

_ENGINE = "prefect.engine"


def main() -> None:
    """Wait for a flow run, and do it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for `jaiza serve`, which then lets go of this process
    gc.set_threshold(*COLLECTING)
    import prefect.flow_engine  # noqa: F401

    import flows.extraction  # noqa: F401
    from flows.engine_settings import lean_engine

    gc.freeze()
    job = sys.stdin.readline()
    if not job:
        return
    os.environ.clear()
    os.environ.update(json.loads(job))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [_ENGINE]
    with lean_engine(), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # that the module was imported before it is run
        runpy.run_module(_ENGINE, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
