"""`jaiza extract`: the PDFs read that are there, or one file looked at."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cli.command import INCOMPLETE, STRICT, Options, command
from cli.file_view import looks_like_a_file, show_file
from cli.output import print_json, print_table
from cli.source_selection import hint_if_empty, open_sources, process_each
from pipeline.open_review import at_work


@command("extract", example="jaiza extract report.pdf --format html --out report.html")
@click.argument("source_ids", nargs=-1, metavar="[SOURCE]... | FILE")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), help="What to make of FILE (text).")
@click.option("--explain", is_flag=True, help="Say by which rule each block of FILE has its role and section.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write what is made of FILE.")
@click.option("--pages", metavar="A-B", help="Show only these pages of FILE (not with json).")
@STRICT
def extract_command(
    options: Options,
    *,
    source_ids: tuple[str, ...],
    form: str | None,
    explain: bool,
    out: Path | None,
    pages: str | None,
    strict: bool,
) -> None:
    """Read the PDFs that are there: pages, blocks and passages with their place on the page.

    Given a FILE it reads that alone and shows what it read; nothing is stored and no workspace is needed.
    """
    from pipeline.documents.document_record import CODED
    from pipeline.documents.stages import Stages

    if any(looks_like_a_file(given) for given in source_ids):
        if len(source_ids) > 1:
            raise click.UsageError("one file at a time, and no sources beside it")
        if explain and form:
            raise click.UsageError("--explain is a form of its own: leave out --format")
        form = "explain" if explain else form or ("json" if options.json else "text")
        show_file(Path(source_ids[0]), form, out, pages, strict=strict)
        return
    if form or explain or out or pages:
        raise click.UsageError(
            "--format, --explain, --out and --pages go with a file: jaiza extract report.pdf --format html"
        )
    workspace, sources = open_sources(options, source_ids)
    with at_work(workspace, "jaiza extract"), Stages(workspace) as stages:
        held = [(source, holding) for source in sources if (holding := stages.holdings.get(source.id))]
        shas = {source.id: holding.sha256 for source, holding in held}
        read = process_each(
            [s for s, _ in held], lambda s: (s, *stages.extract(shas[s.id])), "extract", show=not options.json
        )
    if options.json:
        print_json(
            [
                {
                    "source": source.id,
                    "sha256": document.sha256,
                    "state": document.state,
                    "note": document.note,
                    "pages": len(document.pages),
                    "passages": len(document.passages),
                    "read_now": fresh,
                }
                for source, document, fresh in read
            ]
        )
    else:
        print_table(
            ("source", "state", "pages", "passages", "note"),
            [(s.id, d.state, len(d.pages), len(d.passages), d.note) for s, d, _ in read],
        )
        hint_if_empty(workspace, read)
    if strict and any(document.state not in CODED for _, document, _ in read):
        sys.exit(INCOMPLETE)
