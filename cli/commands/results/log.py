"""`jaiza log`: the record, event by event."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from annotations.decision import Decision, Mark
from cli.command import Options, command
from cli.output import print_json
from corpus.errors import UnknownChoiceError, choose

if TYPE_CHECKING:
    from annotations.log.history import HistoryLine
    from models.codebook.codebook import Codebook

_LAST = 50  # events shown where nothing narrows them
_QUOTE = 160


@command("log", example="jaiza log gazdar-2011 --theme TI", reads=True)
@click.argument("source_id", required=False, metavar="[SOURCE]")
@click.option("--theme", help="Only this theme, and what is or was counted under it.")
@click.option("--coder", help="Only this coder.")
@click.option("--last", type=click.IntRange(0), help="Only the last so many events; 0 shows all.")
def log_command(
    options: Options, *, source_id: str | None, theme: str | None, coder: str | None, last: int | None
) -> None:
    """The history of a cell, a study or a coder: who decided what, when, on which words, having seen what.

    Nothing is ever taken out of the record. What no longer counts is shown in brackets.
    """
    from annotations.codebook_changes import codes_now, load_recoding
    from annotations.log.history import history
    from annotations.log.open_log import open_log
    from models.codebook.codebook import load_codebook
    from pipeline.open_review import open_review

    workspace, sources = open_review(options.workspace)
    codebook, changes = load_codebook(workspace), load_recoding(workspace)
    with open_log(workspace) as log:
        entries = log.entries()
    every = [line.what for line in history(entries)]
    said = {what.theme for what in every} - {""}
    ids, coders = {source.id for source in sources}, sorted({what.coder for what in every})
    if source_id:
        source_id = choose("source", source_id, sorted(ids | {what.source_id for what in every} - {""}))
    if theme and theme not in said | set(codebook.codes):
        raise UnknownChoiceError("theme", theme, codebook.codes)
    if coder and coder not in coders:
        raise UnknownChoiceError("coder", coder, coders)
    themes = {
        code
        for code in said | set(codebook.codes)
        if theme and theme in {code, *codes_now(code, changes, codebook), *_columns(code, codebook)}
    }
    found = history(entries, source_id=source_id or "", themes=themes, coder=coder or "")
    keep = last if last is not None else 0 if (source_id or theme or coder) else _LAST
    shown = found[-keep:] if keep else found
    if options.json:
        print_json([_facts(line) for line in shown])
        return
    for line in shown:
        _show(line)
    click.echo(
        f"{len(shown)} events" + (f", the last of {len(found)} (all: --last 0)" if len(shown) < len(found) else "")
    )


def _columns(code: str, codebook: Codebook) -> tuple[str, ...]:
    """The column in which a theme is counted."""
    column = codebook.column_of(code) if code in codebook.codes else None
    return (column,) if column else ()


def _facts(line: HistoryLine) -> dict[str, object]:
    what = line.what
    return {
        "event_id": line.entry.event_id,
        "recorded": line.entry.recorded,
        "counts": line.counts,
        "event": "mark" if isinstance(what, Mark) else "decision",
        **asdict(what),
    }


def _show(line: HistoryLine) -> None:
    what = line.what
    about = _mark(what) if isinstance(what, Mark) else _decision(what)
    where = "the study" if what.anchor is None else f"page {what.anchor.page}" if what.anchor.page else "a passage"
    text = f"{what.source_id}, {where}: {about}"
    when = (what.decided or line.entry.recorded)[:19].replace("T", " ")
    click.echo(f"{when:<19}  {what.coder}  {text if line.counts else f'[{text}]'}")
    if what.anchor:
        quote = what.anchor.quote
        click.echo(f"    “{quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + '…'}”")
    if what.note:
        click.echo(f"    note: {what.note}")
    click.echo(f"    {_circumstances(line)}")


def _decision(what: Decision) -> str:
    who = "" if what.role == "coder" else f" ({what.role})"
    return f"{what.theme} {'taken back' if what.value is None else f'= {what.value}'}{who}"


def _mark(what: Mark) -> str:
    return f"{what.theme + ' ' if what.theme else ''}{what.kind}{'' if what.on else ' (taken back)'}"


def _circumstances(line: HistoryLine) -> str:
    what = line.what
    told = [f"recorded {line.entry.recorded[:19].replace('T', ' ')}"]
    if what.codebook:
        told.append(f"codebook {what.codebook}")
    if isinstance(what, Decision):
        if what.model_id:
            told.append(f"suggested by {what.model_id}" + (f" with {what.score:.2f}" if what.score is not None else ""))
        if what.shown is not None:
            told.append("suggestion seen" if what.shown else "suggestion hidden")
        if what.seconds is not None:
            told.append(f"{what.seconds:.1f} s")
        if what.origin:
            told.append(f"from {what.origin}")
    return ", ".join(told)
