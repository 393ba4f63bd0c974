"""A small server that records decisions, to be killed: a line of JSON in, "ok" out once it is recorded."""

from __future__ import annotations

import json
import socketserver
import sys
from pathlib import Path

from annotations.decision import Decision
from annotations.log.decision_log import DecisionLog


class Desk(socketserver.StreamRequestHandler):
    """One client."""

    def handle(self) -> None:
        for line in self.rfile:
            asked = json.loads(line)
            LOG.record([Decision(**asked["decision"])], key=asked["key"])
            self.wfile.write(b"ok\n")


class Server(socketserver.ThreadingTCPServer):
    """A thread per client."""

    daemon_threads = True


if __name__ == "__main__":
    LOG = DecisionLog(sys.argv[1])
    with Server(("127.0.0.1", 0), Desk) as server:
        Path(sys.argv[2]).write_text(str(server.server_address[1]), encoding="utf-8")
        server.serve_forever()
