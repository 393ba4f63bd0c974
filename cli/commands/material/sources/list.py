"""`jaiza sources list`: what is to be read."""

from __future__ import annotations

from dataclasses import asdict

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.registry.screening import load_criteria, screen_all
from corpus.store.pdf_store import Holdings
from pipeline.open_review import open_review


@command("list", example="jaiza sources list")
def list_command(options: Options) -> None:
    """Every source with what is known of it and whether its PDF is here."""
    workspace, sources = open_review(options.workspace)
    holdings = Holdings(workspace)
    screenings = screen_all(sources, load_criteria(workspace))
    rows = [(s, screened.verdict, holdings.get(s.id)) for s, screened in zip(sources, screenings, strict=True)]
    if options.json:
        print_json(
            [
                {**asdict(source), "screening": verdict, "pdf": held.sha256 if held else None}
                for source, verdict, held in rows
            ]
        )
        return
    print_table(
        ("source", "year", "screening", "PDF", "label"),
        [(s.id, s.year or "", verdict, held.origin if held else "-", s.label) for s, verdict, held in rows],
    )
