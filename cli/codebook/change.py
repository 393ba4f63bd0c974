"""A change of the codebook from the command line: told what it does first, then done, with its revision kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import click

from annotations.codebook_changes import load_recoding
from annotations.codebook_edits import NO_CELL, CodebookEdit, EditKind, carry_out, effect_of, outcome_of
from annotations.decisions_csv import published_decisions
from annotations.log.open_log import open_log
from corpus.errors import JaizaError
from corpus.registry.registry_file import load_sources
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook, load_codebook
from pipeline.requeue import mark_touched

_LISTS = ("include", "exclude", "examples", "borderline")


def change_codebook(
    workspace: Workspace, kind: EditKind, code: str, given: Mapping[str, object], *, sure: bool, replace: bool = False
) -> None:
    """Make the change `kind` to the theme `code`; asks first unless `sure`. JaizaError: it can't be made, and why."""
    before = load_codebook(workspace)
    code = code.strip()
    if kind == "add" and code in before.codes:
        raise JaizaError(f"{code} is a theme already: `jaiza codebook edit {code}` changes it")
    fields = _fields(given, before, code if kind == "describe" and not replace else "")
    if kind == "describe" and not fields:
        raise JaizaError(f"nothing is given to change in {code}: see `jaiza codebook edit --help`")
    if kind != "describe" and not fields.get("definition"):
        raise JaizaError(f"{code} needs a --definition: when does a passage have the theme?")
    edit = CodebookEdit(kind, code, fields=fields, decided=datetime.now(UTC).isoformat(timespec="seconds"))
    try:
        outcome = outcome_of(workspace, before, edit)
    except ValueError as error:
        raise JaizaError(str(error)) from None
    ids = [source.id for source in load_sources(workspace)]
    with open_log(workspace) as log:
        decisions = [*published_decisions(workspace, before, sources=ids), *log.current()]
        effect, _, _ = effect_of(outcome, before, decisions, load_recoding(workspace), edit)
        for sentence in effect.sentences:
            if sentence != NO_CELL:  # which cells change is told on the page, where the matrix is at hand
                click.echo(sentence)
        if not sure and effect.decisions and not click.confirm("Do it?"):
            raise JaizaError("nothing was changed")
        carry_out(workspace, outcome, before=before)
        mark_touched(workspace, log)
    click.echo(f"{code} is in the codebook, revision {outcome.codebook.revision}: {', '.join(outcome.codebook.codes)}.")
    click.echo("The next `jaiza run` proposes by it.")


def _fields(given: Mapping[str, object], codebook: Codebook, present: str) -> dict[str, str]:
    """What was given, as the page of the codebook would send it; rules are added to those of the theme `present`."""
    fields = {name: str(given[name]) for name in ("name", "definition", "counts_under") if given.get(name) is not None}
    theme = codebook.theme(present) if present else None
    for name in _LISTS:
        told = given.get(name)
        if isinstance(told, Sequence) and told:
            known = list(getattr(theme, name)) if theme else []
            fields[name] = "\n".join(dict.fromkeys([*known, *(" ".join(str(one).split()) for one in told)]))
    return fields
