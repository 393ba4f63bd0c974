"""Messages between this process and the ones that read for it: a kind of one byte, a length, the data."""

from __future__ import annotations

import socket
import struct
import time

_HEAD = struct.Struct("!cQ")

HELLO = b"h"  # first word of a process, and what carries a job
PART = b"p"  # of an answer
END = b"e"  # of an answer
FAILED = b"f"  # with the error in words
MEMORY = b"m"  # ran out of it
DIED = b"d"  # with the name of the signal


def send(connection: socket.socket, kind: bytes, data: bytes = b"") -> None:
    """Send one message."""
    connection.sendall(_HEAD.pack(kind, len(data)))
    connection.sendall(data)


def receive(connection: socket.socket, *, seconds: float) -> tuple[bytes, bytes]:
    """The next message, kind and data. TimeoutError: not within `seconds`. EOFError: there is nobody to send one."""
    deadline = time.monotonic() + seconds
    kind, length = _HEAD.unpack(_exactly(connection, _HEAD.size, deadline))
    return kind, _exactly(connection, length, deadline)


def _exactly(connection: socket.socket, length: int, deadline: float) -> bytes:
    data = bytearray(length)
    view, filled = memoryview(data), 0
    while filled < length:
        connection.settimeout(max(0.001, deadline - time.monotonic()))
        count = connection.recv_into(view[filled:])
        if count == 0:
            raise EOFError("the other end is closed")
        filled += count
    return bytes(data)
