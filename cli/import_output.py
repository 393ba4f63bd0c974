"""What an import brought, in lines and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cli.output import print_table
from synthesis.humanize import counted

if TYPE_CHECKING:
    from exchange.readers.foreign_codings import Contents
    from exchange.readers.import_codings import ImportResult

_MOST_TOLD = 20  # lines of one kind; --json has all
_SHOWN = 70  # characters of a quote


def import_json(
    result: ImportResult, contents: Contents, added: int, known: int, *, dry_run: bool
) -> dict[str, object]:
    """Everything an import brought, and what became of it."""
    placed = result.placed
    quotes = sum(count for how, count in placed.items() if how != "whole study")
    return {
        "added": added,
        "known": known,
        "dry_run": dry_run,
        "decisions": len(result.decisions),
        "quotes": quotes,
        "quotes_found": placed["exact"] + placed["fuzzy"],
        "quotes_exact": placed["exact"],
        "quotes_fuzzy": placed["fuzzy"],
        "quotes_not_found": placed["not found"],
        "quotes_without_a_text_yet": placed["no text here yet"],
        "whole_studies": placed["whole study"],
        "codes": {name: {"theme": m.theme, "value": m.value, "by": m.by} for name, m in result.codes.items()},
        "sources": result.sources,
        "left_out": dict(result.left_out),
        "passed_over": result.passed_over,
        "unused_columns": contents.unused,
        "encoding": contents.encoding or "UTF-8",
        "fuzzy": result.fuzzy,
        "not_found": result.not_found,
    }


def print_import(result: ImportResult, contents: Contents, added: int, known: int, *, dry_run: bool) -> None:
    """Print what came in, what did not and why."""
    guessed = {name: match for name, match in result.codes.items() if match.by != "same name"}
    print_table(
        ("code in the file", "theme", "because"),
        [(name, match.theme or "left out", _why(match.by)) for name, match in guessed.items()],
    )
    if dry_run:
        would = counted(len(result.decisions), "decision")
        click.echo(f"{would} would be brought in (--dry-run: nothing was recorded)")
    else:
        click.echo(f"{counted(added, 'decision')} added, {known} known already")
    placed = result.placed
    if quotes := sum(count for how, count in placed.items() if how != "whole study"):
        click.echo(
            f"{quotes} with a quote: {placed['exact']} found word for word, {placed['fuzzy']} nearly so, "
            f"{placed['not found']} not found (kept, shown as orphaned), {placed['no text here yet']} of sources whose "
            "text is not here yet"
        )
    _print_some("nearly so", [_quoted(where, quote) for where, quote in result.fuzzy])
    _print_some("not found", [_quoted(where, quote) for where, quote in result.not_found])
    for what, count in result.left_out.items():
        click.echo(f"{count} not brought in: {what}")
    _print_some("passed over", result.passed_over)
    if contents.unused:
        click.echo(f"columns that mean nothing here: {', '.join(contents.unused)}")
    if contents.encoding:
        click.echo(f"read as {contents.encoding}, which is a guess: save it as UTF-8 if letters are wrong")


def _quoted(where: str, quote: str) -> str:
    return f"{where}: “{quote[:_SHOWN]}{'…' if len(quote) > _SHOWN else ''}”"


def _print_some(what: str, lines: Sequence[str]) -> None:
    for line in lines[:_MOST_TOLD]:
        click.echo(f"  {what}: {line}")
    if len(lines) > _MOST_TOLD:
        click.echo(f"  {what}: {len(lines) - _MOST_TOLD} more, listed by --json")


def _why(by: str) -> str:
    return {"given": "you said so", "a code above it": "the code above it is"}.get(by, by)
