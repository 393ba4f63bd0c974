"""`jaiza review`, and a file of decisions into the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.main import Options, command
from pipeline.open_review import open_review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotations.decision import Decision
    from annotations.log.decision_log import Recorded
    from corpus.registry.sources import Source
    from corpus.workspace import Workspace


def record_file(workspace: Workspace, sources: Sequence[Source], file: Path) -> tuple[tuple[Decision, ...], Recorded]:
    """The decisions in a CSV file, all of them in the log now, and how many were new."""
    from annotations.decisions_csv import read_decisions
    from annotations.log.open_log import open_log
    from models.codebook.codebook import load_codebook
    from models.codebook.revisions import keep_revision

    codebook = load_codebook(workspace)
    decisions = read_decisions(file, sources=[source.id for source in sources], codebook=codebook)
    keep_revision(workspace, codebook)  # every decision carries its hash
    with open_log(workspace) as log:
        return decisions, log.record(decisions)


@command("review", example='jaiza review --coder "Amina Khan"')
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

    from review.server import serve

    workspace, _ = open_review(options.workspace)
    serve(workspace, coder=coder or getpass.getuser(), host=host, port=port, browser=not no_browser)
