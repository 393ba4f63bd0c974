"""`jaiza sources check`: the registry, the screening and the stored PDFs looked through."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from cli.command import FAILED, Options, command
from cli.output import print_json, print_table
from corpus.registry.screening import load_criteria, screen_all
from corpus.store.pdf_store import Holdings, pdf_path, sha256_of
from pipeline.open_review import open_review


@command("check", example="jaiza sources check")
def check_command(options: Options) -> None:
    """Check the registry, screen every source, and see that the stored PDFs are what the lock says."""
    workspace, sources = open_review(options.workspace)
    holdings = Holdings(workspace)
    screenings = screen_all(sources, load_criteria(workspace))
    damaged = []
    for holding in holdings:
        path = pdf_path(workspace, holding.sha256)
        if not path.exists():
            damaged.append(f"{holding.source_id}: its PDF is missing from {workspace.pdfs}: run `jaiza pull`")
        elif sha256_of(path) != holding.sha256:
            damaged.append(f"{holding.source_id}: {path} has changed: delete it and run `jaiza pull`")
    if options.json:
        print_json({"screening": [asdict(s) for s in screenings], "store": damaged})
    else:
        print_table(
            ("source", "screening", "why"),
            [
                (s.source_id, s.verdict, "; ".join(f.reason for f in s.findings if f.verdict != "met"))
                for s in screenings
            ],
        )
        for problem in damaged:
            click.echo(f"problem: {problem}")
        click.echo(f"{len(sources)} sources, registry without mistakes; {len(damaged)} problems in the store")
    if damaged:
        sys.exit(FAILED)
