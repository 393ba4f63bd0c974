"""Serving the review page on this machine."""

from __future__ import annotations

import socket
import webbrowser

import click
import uvicorn

from annotations.log import DecisionLog
from corpus.errors import JaizaError
from corpus.links import counted, load_links
from corpus.registry import load_sources
from corpus.workspace import Workspace
from flows.results import stored_studies
from flows.stages import Stages
from models.codebook import load_codebook
from review.access import Access
from review.app import make_app
from review.shelf import Shelf


def serve(workspace: Workspace, *, coder: str, port: int, browser: bool) -> None:
    """Serve the page on 127.0.0.1 until Ctrl-C, and open it in the browser unless told not to."""
    sources = load_sources(workspace)
    sources = counted(sources, load_links(workspace, sources))
    with Stages(workspace) as stages:
        studied = stored_studies(stages, sources)
    documents = {done.outcome.source_id: done.document for done in studied if done.document}
    proposals = {done.outcome.source_id: done.suggestions for done in studied if done.suggestions}
    log = DecisionLog(workspace.database_url)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError as error:
            raise JaizaError(f"port {port} can't be used ({error.strerror}): leave out --port") from None
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        access = Access((host,))
        app = make_app(
            workspace, Shelf(sources, documents, proposals, load_codebook(workspace), log), access, coder=coder
        )
        link = f"http://{host}{access.link}"
        click.echo(f"Reviewing as {coder}. Open this link (it works once): {link}\nCtrl-C ends it.")
        if browser:
            webbrowser.open(link)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        server.run(sockets=[listening])
    log.close()
