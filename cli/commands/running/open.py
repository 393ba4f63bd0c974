"""`jaiza open`: everything in the browser."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cli.command import Options, command


@command("open", example="jaiza open   (or: jaiza open my-review)")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--coder", help="Your name in decision logs (default: your name on this computer).")
@click.option(
    "--home", type=click.Path(path_type=Path), default=lambda: Path.home() / "Jaiza", show_default="Jaiza in your home",
    help="Folder for new reviews.",
)  # fmt: skip
@click.option("--port", type=int, default=0, help="Port of the start page (default: any free one).")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
def open_command(
    options: Options, *, folder: Path | None, coder: str | None, home: Path, port: int, no_browser: bool
) -> None:
    """Open the start page in the browser: your reviews, a new one, the sample. With FOLDER, that review at once.

    Sources, runs, coding, results and backups are pages of each review. Ctrl-C ends it.
    """
    import getpass

    from review.serving.serve_start_page import serve_launcher

    serve_launcher(
        folder,
        coder=coder or getpass.getuser(),
        home=home.expanduser().absolute(),
        port=port,
        browser=not no_browser,
        command=(sys.executable, "-m", "cli.main"),
    )
