"""Jaiza's Prefect server, in a process that ends with the one that started it, even when that is killed.

Run as `python -m flows.server_process FD`, FD being a listening socket that was handed on, with the parent holding the
other end of standard input: when the parent is gone, for whatever reason, the pipe closes and the server leaves.
(Prefect's own embedded server outlives a killed parent and keeps its database open.)
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading

import uvicorn

from flows.server.closed_server import OwnPageOnly
from pipeline.tuning import COLLECTING


def main(listening: socket.socket) -> None:
    """Serve Prefect's API and page on `listening` until the parent ends."""
    gc.set_threshold(*COLLECTING)
    threading.Thread(target=_leave_with_the_parent, daemon=True).start()
    from prefect.server.api.server import create_app

    app = OwnPageOnly(create_app(), listening.getsockname()[1])
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


def _leave_with_the_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):  # not sys.stdin.read: its lock would be held while a failed server ends
        pass
    os._exit(0)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
