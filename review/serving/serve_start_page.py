"""Serving the start page until Ctrl-C."""

from __future__ import annotations

import webbrowser
from collections.abc import Sequence
from pathlib import Path

import click

from review.serving.open_reviews import OpenReviews
from review.serving.recent_reviews import remember
from review.serving.server import LOCAL, listening_on, run_server
from review.serving.start_page import Launcher


def serve_launcher(
    folder: Path | None, *, coder: str, home: Path, port: int, browser: bool, command: Sequence[str]
) -> None:
    """Serve the start page, and every review that is opened from it; `folder` is one to open at once."""
    with OpenReviews(coder=coder, command=command) as reviews, listening_on(LOCAL, port) as listening:
        launcher = Launcher(reviews, port=listening.getsockname()[1], home=home, command=command)
        start = f"http://{LOCAL}:{listening.getsockname()[1]}{launcher.link}"
        link = start
        click.echo(f"The start page (the link works once): {start}")
        if folder is not None:
            link = reviews.link(folder)
            remember(folder.expanduser().absolute())
            click.echo(f"The review (the link works once): {link}")
        click.echo("Ctrl-C ends it; runs that were started go on.")
        if browser:
            webbrowser.open(link)
        run_server(launcher.app(), listening)
