"""`jaiza review`: the page to review suggestions on."""

from __future__ import annotations

import sys

import click

from cli.command import Options, command
from pipeline.open_review import open_review


@command("review", example='jaiza review --coder "Amina Khan"', reads=True)
@click.option("--coder", help="Your name in the decision log (default: your name on this computer).")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on; see docs/reviewing.md.")
@click.option("--port", type=int, default=0, help="Port of the page (default: any free one).")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
def review_command(options: Options, *, coder: str | None, host: str, port: int, no_browser: bool) -> None:
    """Review the suggestions in the browser: on this machine only, unless --host says otherwise.

    The link works once; others are invited with `jaiza reviewers add`. Every decision is stored
    before the next one is shown; Ctrl-C ends the page.
    """
    import getpass

    from review.serving.server import serve

    workspace, _ = open_review(options.workspace)
    command = (sys.executable, "-m", "cli.main")
    serve(
        workspace,
        coder=coder or getpass.getuser(),
        host=host,
        port=port,
        browser=not no_browser,
        command=command,
    )
