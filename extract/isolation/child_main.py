"""What the processes of `extract.isolation.fork_server` run: the server that forks, the child that does one job."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import select
import signal
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path

from extract.isolation import protocol
from extract.isolation.fork_server import STARTING_SECONDS

__all__ = ["call", "serve"]

_PRELOAD = ("extract.isolation.isolated_read", "extract.views.evidence_image")
# A PDF of one page; pdfium finds its objects without a table of them.
_PAGE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 63>>stream
BT /F1 11 Tf 72 700 Td (The fund pays the families late.) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R/Size 6>>
%%EOF
"""


def call(port: int, token: bytes) -> None:
    """The life of a child that was not forked: call back to the parent on this machine, and do the job."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        protocol.send(connection, protocol.HELLO, token)
        _work(connection)


def serve(descriptor: int) -> None:
    """The life of the server: fork for every connection that comes over the control socket, until that is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program at the other end
    for name in _PRELOAD:
        importlib.import_module(name)
    _warm_up()
    awake, wake = socket.socketpair()
    awake.setblocking(False)
    wake.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    poll = select.poll()
    poll.register(awake, select.POLLIN)
    children: dict[int, socket.socket] = {}
    with socket.socket(fileno=descriptor) as control:
        poll.register(control, select.POLLIN)
        protocol.send(control, protocol.HELLO)
        while True:
            ready = {number for number, _ in poll.poll()}
            if awake.fileno() in ready:
                with contextlib.suppress(BlockingIOError):
                    awake.recv(4096)
                _reap(children, poll)
            for pid, connection in children.items():
                if connection.fileno() in ready:  # the other end is closed: nobody wants the answer
                    _kill(pid)
                    poll.unregister(connection)
            if control.fileno() in ready:
                message, numbers, _, _ = socket.recv_fds(control, 1, 1)
                if not message:
                    break
                for number in numbers:
                    _fork(socket.socket(fileno=number), [control, awake, wake], children, poll)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    for pid in children:
        _kill(pid)


def _warm_up() -> None:
    """Read one page, so that no child does the first time what costs most, and keep the memory shared with them.

    Frozen objects are not looked at by the search for garbage, which would copy their pages into every child.
    """
    from extract.read import read_document

    with tempfile.TemporaryDirectory() as place, contextlib.suppress(OSError):
        path = Path(place) / "page.pdf"
        path.write_bytes(_PAGE)
        read_document(path, "0" * 64)
    gc.collect()
    gc.freeze()


def _fork(
    connection: socket.socket, own: Sequence[socket.socket], children: dict[int, socket.socket], poll: select.poll
) -> None:
    try:
        pid = os.fork()
    except OSError:  # the machine is full; the other end sees the connection close
        connection.close()
        return
    if pid == 0:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setpgid(0, 0)
            for other in (*own, *children.values()):
                other.close()
            _work(connection)
        finally:
            os._exit(0)
    with contextlib.suppress(PermissionError, ProcessLookupError):
        os.setpgid(pid, pid)  # here too, for whichever comes first
    children[pid] = connection
    poll.register(connection, 0)  # only to hear when the other end is closed


def _reap(children: dict[int, socket.socket], poll: select.poll) -> None:
    """Tell the other end who died, and of what. After a child's END nobody listens any more."""
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        _kill(pid)
        connection, code = children.pop(pid), os.waitstatus_to_exitcode(status)
        with contextlib.suppress(KeyError):
            poll.unregister(connection)
        with connection, contextlib.suppress(OSError):
            connection.setblocking(False)
            protocol.send(connection, protocol.DIED, signal.Signals(-code).name.encode() if code < 0 else b"")


def _kill(pid: int) -> None:
    """End the group that the child leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _work(connection: socket.socket) -> None:
    """The life of a child: take the job, do it, answer."""
    try:
        _, data = protocol.receive(connection, seconds=STARTING_SECONDS)
        work, given, limit = pickle.loads(data)
        limit()
        protocol.send(connection, protocol.HELLO)
        for part in work(*given):
            protocol.send(connection, protocol.PART, part)
        protocol.send(connection, protocol.END)
    except MemoryError:
        protocol.send(connection, protocol.MEMORY)
    except (BrokenPipeError, ConnectionResetError):
        pass  # a parent that is gone wants no answer
    except Exception as error:
        protocol.send(connection, protocol.FAILED, f"{type(error).__name__}: {error}"[:300].encode())
