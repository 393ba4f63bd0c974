"""The sample review: an invented country's reports, served by a web server on this machine so that pulling is real."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import as_file, files
from pathlib import Path

from corpus.workspace import Workspace, write_atomic
from pipeline.open_review import open_review

HOST = "sample.invalid"  # no such host can exist (RFC 2606), so nobody takes its addresses for real ones
FOLDER = "sample"  # of the sample review, inside the workspace
_SETTINGS = ("review.toml", "sources.toml", "screening.toml")


def sample_workspace(root: Path) -> Workspace:
    """The sample review's own workspace in `root`/sample, its settings those shipped with Jaiza."""
    place = root / FOLDER
    with as_file(files("corpus.sample")) as shipped:
        for name in _SETTINGS:
            content = (shipped / name).read_bytes()
            if not (place / name).exists() or (place / name).read_bytes() != content:
                write_atomic(place / name, content)
    return open_review(place)[0]


def sample_decisions() -> Path:
    """The human decisions that come with the sample."""
    return Path(str(files("corpus.sample").joinpath("decisions.csv")))


@contextmanager
def sample_site() -> Iterator[dict[str, str]]:
    """Serve the sample's files on 127.0.0.1; yields the host's address for `Stages(host_addresses=...)`."""
    with as_file(files("corpus.sample").joinpath("site")) as folder:
        redirects = tomllib.loads((folder / "redirects.toml").read_text(encoding="utf-8"))
        handler = partial(_Handler, folder=folder, redirects={str(k): str(v) for k, v in redirects.items()})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield {HOST: f"127.0.0.1:{server.server_address[1]}"}
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Handler(SimpleHTTPRequestHandler):
    """Files of the site, its redirects, and 404 for the rest."""

    def __init__(self, *args: object, folder: Path, redirects: dict[str, str]) -> None:
        self._redirects = redirects
        super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        target = self._redirects.get(self.path)
        if target:
            self.send_response(301)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        super().do_GET()

    def list_directory(self, path: object) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        pass
