"""`jaiza restore`: a backup as a review in a new folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from cli.command import Options, command
from cli.output import print_json


@command("restore", example="jaiza restore review-backup.zip review-again")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path))
def restore_command(options: Options, *, file: Path, folder: Path) -> None:
    """Unpack a backup into FOLDER, which must not exist or be empty. The decisions lie in its annotations.db."""
    from pipeline.backup import restore_backup

    made = restore_backup(file, folder)
    if options.json:
        print_json({**asdict(made), "folder": str(folder), "files": len(made.files)})
        return
    without = "" if made.pdfs else "; the PDFs were left out of it: `jaiza pull` gets them again"
    click.echo(f"{folder}: {made.title}, as of {made.made}, {made.events} events in the log{without}")
