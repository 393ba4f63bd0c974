"""Serving the review page: on this machine for its user, or on a network for a team."""

from __future__ import annotations

import ipaddress
import socket
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import click
import uvicorn
from starlette.applications import Starlette

from annotations.log.open_log import open_log
from annotations.log.reviewers import Reviewer, Reviewers
from corpus.errors import JaizaError
from corpus.registry.registry_file import load_sources
from corpus.workspace import Workspace, read_review
from models.codebook.codebook import load_codebook
from pipeline.documents.stages import Stages
from pipeline.documents.stored_sources import stored_sources
from pipeline.intake.take_files import UPLOADS
from pipeline.lazy_documents import LazyDocuments
from pipeline.requeue import mark_touched
from pipeline.screening.screening_state import counted_sources
from pipeline.text_history import note_texts
from review.app import make_app
from review.auth import Access
from review.context import ReviewContext
from review.desk.jobs import Jobs
from review.review_items import ReviewItems
from review.review_state import ReviewState
from review.serving.head_in_time import HeadInTime
from review.serving.server_log import end_recorded

LOCAL = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """A review that is ready to be served."""

    app: Starlette
    context: ReviewContext
    access: Access
    owner: Reviewer
    address: str  # for example "http://127.0.0.1:8010"

    @property
    def link(self) -> str:
        """The link that logs its owner in, once."""
        return f"{self.address}{self.access.link}"


@contextmanager
def opened_review(
    workspace: Workspace, *, coder: str, host: str, listening: socket.socket, command: Sequence[str]
) -> Iterator[OpenedReview]:
    """The pages of a review, its log open for the time of the block. `command`: see `review.desk.jobs.Jobs`."""
    for half in (workspace.root / UPLOADS).glob(".upload-*"):  # of a server that was killed while a file came
        half.unlink(missing_ok=True)
    review_items = review_items_of(workspace)
    with open_log(workspace) as log:
        read = {source: (text.sha256, text.extractor) for source, text in review_items.documents.items()}
        note_texts(workspace, log, read, review_items.documents)
        mark_touched(workspace, log)
        reviewers = Reviewers(log.engine)
        owner = reviewers.ensure(coder, "admin")
        port = listening.getsockname()[1]
        access = access_of(reviewers, host=host, port=port, owner=owner)
        context = ReviewContext(workspace, review_items, ReviewState(review_items, log))
        context.load_items = partial(review_items_of, workspace)
        address = f"http://{LOCAL if _everywhere(host) else _in_address(host)}:{port}"
        context.jobs = Jobs(workspace, command)
        yield OpenedReview(make_app(context, access), context, access, owner, address)


def serve(
    workspace: Workspace, *, coder: str, host: str, port: int, browser: bool, command: Sequence[str] = ()
) -> None:
    """Serve the page until Ctrl-C, and open it in the browser unless told not to."""
    with (
        listening_on(host, port) as listening,
        end_recorded(workspace.root) as silent_end,
        opened_review(workspace, coder=coder, host=host, listening=listening, command=command) as review,
    ):
        if silent_end:
            click.echo(silent_end, err=True)
        click.echo(f"Reviewing as {review.owner.name}. Open this link (it works once): {review.link}")
        if not _on_this_machine(host):
            click.echo(
                "Served beyond this machine: put it behind a proxy that speaks HTTPS, and invite coders with "
                "`jaiza reviewers add NAME --address https://...`"
            )
        click.echo("Ctrl-C ends it.")
        threading.Thread(target=review.context.warm_up, daemon=True).start()
        if browser:
            webbrowser.open(review.link)
        run_server(review.app, listening)


def review_items_of(workspace: Workspace) -> ReviewItems:
    """The texts and suggestions that are stored, under the settings as they are now."""
    workspace = Workspace(workspace.root, read_review(workspace.root / "review.toml"))
    sources = counted_sources(workspace, load_sources(workspace))
    with Stages(workspace) as stages:
        results, lazy = stored_sources(stages, sources), LazyDocuments(stages)
        documents, proposals = dict(lazy.texts(results)), dict(lazy.suggestions(results))
    return ReviewItems(sources, documents, proposals, load_codebook(workspace))


def access_of(reviewers: Reviewers, *, host: str, port: int, owner: Reviewer | None) -> Access:
    """On this machine the page has its own two names only; on a network a proxy gives it another."""
    hosts = tuple(f"{name}:{port}" for name in {_in_address(host), "localhost"}) if _on_this_machine(host) else ()
    # Cookies know no ports: two reviews on one machine must not take each other's.
    return Access(reviewers, hosts=hosts, owner=owner, cookie=f"jaiza-{port}")


def run_server(app: Starlette, listening: socket.socket) -> None:
    """Answer requests until Ctrl-C. Requests are not logged: the addresses of studies are nobody else's business."""
    server_for(app).run(sockets=[listening])


def server_for(app: Starlette) -> uvicorn.Server:
    """A server that is not started yet."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=HeadInTime,
            log_level="error",  # a warning for each request that is none would fill the terminal
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    )


@contextmanager
def listening_on(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that browsers can connect to; port 0 is any free one. JaizaError: it can't be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family)
    except OSError as error:
        raise JaizaError(f"{host!r} is no address of this machine ({error.strerror})") from None
    with listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            where = f"port {port} on {host}" if port else host
            raise JaizaError(f"{where} can't be used ({error.strerror}): name another with --port or --host") from None
        listening.listen()  # a browser that is quicker than the server waits instead of being refused
        yield listening


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _everywhere(host: str) -> bool:
    return host in ("0.0.0.0", "::")


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
