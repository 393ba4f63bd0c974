"""`jaiza backup`: the whole review as one file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from cli.command import Options, command
from cli.output import print_json
from pipeline.open_review import open_review


@command("backup", example="jaiza backup review-backup.zip", reads=True)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--without-pdfs", is_flag=True, help="Leave the PDFs out: smaller, and no rights are touched.")
def backup_command(options: Options, *, file: Path, without_pdfs: bool) -> None:
    """Write the review into one file: decisions, texts, models, codebook revisions, settings, PDFs.

    It may be made while people code. The file is read back before it counts; `jaiza restore` opens it anywhere.
    """
    from pipeline.backup import write_backup

    workspace, _ = open_review(options.workspace)
    made = write_backup(workspace, file, pdfs=not without_pdfs)
    if options.json:
        print_json({**asdict(made), "file": str(file), "files": len(made.files)})
        return
    size = file.stat().st_size / 1e6
    click.echo(f"{file}: {len(made.files)} files, {made.events} events in the log, {size:,.1f} MB, read back and sound")
