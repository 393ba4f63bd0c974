"""The Prefect server of one run, in a process that ends with the run, even when the run is killed.

Run as `python -m flows.server_process PORT`, with the parent holding the other end of standard input: when the parent
is gone, for whatever reason, the pipe closes and the server leaves. (Prefect's own embedded server outlives a killed
parent and keeps its database open.)
"""

from __future__ import annotations

import gc
import os
import sys
import threading

import uvicorn

from pipeline.tuning import COLLECTING


def main(port: int) -> None:
    """Serve Prefect's API on 127.0.0.1:`port` until the parent ends."""
    gc.set_threshold(*COLLECTING)
    threading.Thread(target=_leave_with_the_parent, daemon=True).start()
    uvicorn.run("prefect.server.api.server:create_app", factory=True, host="127.0.0.1", port=port, log_level="error")


def _leave_with_the_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):  # not sys.stdin.read: its lock would be held while a failed server ends
        pass
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
