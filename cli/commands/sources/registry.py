"""`jaiza sources list`, `check` and `attach`, and `jaiza init`: what is to be read."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from cli.attach_file import attach_file, exit_if_unusable, tell_attached
from cli.commands.sources.group import sources_command
from cli.main import FAILED, Options, command
from cli.output import print_json, print_table
from corpus.errors import WorkspaceError
from corpus.registry.registry_file import find_source
from corpus.registry.screening import load_criteria, screen_all
from corpus.store.pdf_store import Holdings, pdf_path
from corpus.workspace import PREPARED, establish, open_workspace, write_atomic
from pipeline.open_review import open_review


@command("list", example="jaiza sources list", group=sources_command)
def _list_command(options: Options) -> None:
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


@command("check", example="jaiza sources check", group=sources_command)
def _check_command(options: Options) -> None:
    """Check the registry, screen every source, and see that the stored PDFs are what the lock says."""
    from corpus.store.pdf_store import sha256_of

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


@command("attach", example="jaiza sources attach naseer-2021 ~/Downloads/naseer.pdf", group=sources_command)
@click.argument("source_id", metavar="SOURCE")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--confirm", is_flag=True, help="Take it although its title is that of a known other work.")
def _attach_command(options: Options, *, source_id: str, file: Path, confirm: bool) -> None:
    """Give the PDF of a source by hand; needs no network."""
    workspace, sources = open_review(options.workspace)
    outcome = attach_file(workspace, find_source(sources, source_id), file, confirm=confirm)
    if options.json:
        print_json(asdict(outcome))
    else:
        tell_attached(outcome)
    exit_if_unusable(outcome)


@command("init", example='jaiza init pensions --title "Old-age pensions in South Asia"')
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="Untitled review", help="Title of the review.")
def init_command(options: Options, *, folder: Path, title: str) -> None:
    """Start a review of your own in FOLDER, with its settings and an empty registry to fill in."""
    if folder.exists() and any(path.name in PREPARED for path in folder.iterdir()):
        raise WorkspaceError(f"{folder} holds a review already: name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / "review.toml", _REVIEW.format(title=json.dumps(title, ensure_ascii=False)).encode())
    write_atomic(folder / "sources.toml", _SOURCES.encode())
    workspace = open_workspace(folder)
    establish(workspace)
    click.echo(f"{workspace.root} is ready. Add sources with `jaiza sources add -w {folder} ...` or in sources.toml,")
    click.echo(f"then `jaiza run -w {folder}`. The shipped codebook counts until {folder}/codebook.toml is there.")


_REVIEW = """\
# Settings of this review; what is left out has its default. `docs/workspace.md` explains every key.
title = {title}
shipped_sources = false  # true: start from the 25 studies on social protection in Pakistan
"""

_SOURCES = """\
# The registry: one [[source]] table for every study. `jaiza sources add` writes such tables too.
#
# [[source]]
# id = "khan-2016"                     # a-z, 0-9 and "-"; also the name of its PDF in inbox/
# label = "Khan (2016)"                # its name in the matrix
# title = "Title as on the title page" # the PDF is checked against it
# authors = ["Khan, Amina"]
# year = 2016
# countries = ["Pakistan"]
# candidates = [{ url = "https://example.org/khan.pdf", kind = "pdf", standing = "seen" }]
"""
