"""`jaiza import`: codings that people made elsewhere, as decisions of theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.main import FAILED, Options, command
from cli.output import print_json, print_table
from corpus.errors import DataFileError
from pipeline.open_review import open_review
from synthesis.humanize import counted

if TYPE_CHECKING:
    from corpus.registry.sources import Source
    from corpus.workspace import Workspace
    from exchange.readers.foreign_codings import Contents
    from exchange.readers.import_codings import ImportResult
    from models.codebook.codebook import Codebook

_MOST_TOLD = 20  # quotes listed one by one; --json has all
_SHOWN = 70  # characters of a quote


@command("import", example='jaiza import interviews.qdpx --map "Poor administration=GW"')
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="CODE=THEME",
    help='What a code of the file is here: "Graft=GW", or "Graft=GW=2" with a value; "Graft=" leaves it out.',
)
@click.option(
    "--source",
    "sources_given",
    multiple=True,
    metavar="NAME=SOURCE",
    help='Which source a document of the file is; "NAME=" leaves it out.',
)
@click.option("--coder", default="", help="Who coded, where the file does not say.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be brought in.")
def import_command(
    options: Options, *, file: Path, maps: tuple[str, ...], sources_given: tuple[str, ...], coder: str, dry_run: bool
) -> None:
    """Bring in the codings of FILE as decisions of their coders: all of them, or, where one is wrong, none.

    \b
    .qdpx        a REFI-QDA project from NVivo, ATLAS.ti, MAXQDA, QualCoder ...
    .csv, .xlsx  a table with the columns source, theme, value (0, 1, 2; empty takes a judgement back),
                 coder and, if wanted, role, quote, page, note, decided; or a list of coded segments
    .qdc         a REFI-QDA codebook: tells which of its codes are themes here, and changes nothing
    """
    from models.codebook.codebook import load_codebook

    workspace, sources = open_review(options.workspace)
    codebook = load_codebook(workspace)
    codes_given, names_given = _pairs(maps, "--map"), _pairs(sources_given, "--source")
    if file.suffix.casefold() == ".qdc":
        from cli.codebook_matching import tell_codes

        tell_codes(file, codebook, codes_given, as_json=options.json)
        return
    contents = _read(file)
    arrival = _settled(workspace, sources, codebook, file, contents, codes_given, names_given, coder)
    if arrival.problems:
        for problem in arrival.problems:
            click.echo(f"jaiza: {file}: {problem}", err=True)
        if len(arrival.problems) > 1:
            click.echo(f"jaiza: {file}: nothing was brought in, because of these {len(arrival.problems)}", err=True)
        click.get_current_context().exit(FAILED)
    added, known = (0, 0) if dry_run else _record(workspace, codebook, arrival)
    if options.json:
        print_json(_as_json(arrival, contents, added, known, dry_run=dry_run))
    else:
        _tell(arrival, contents, added, known, dry_run=dry_run)


def _read(file: Path) -> Contents:
    kind = file.suffix.casefold()
    if kind == ".qdpx":
        from exchange.readers.refi_project import read_project

        return read_project(file)
    from exchange.readers.segment_tables import read_csv, read_workbook

    if kind in (".xlsx", ".xlsm"):
        return read_workbook(file)
    if kind in (".csv", ".tsv", ".txt"):
        return read_csv(file)
    raise DataFileError(
        file, "", f"{kind or 'a file without ending'} can't be imported", "There is .qdpx, .qdc, .csv, .xlsx"
    )


def _settled(
    workspace: Workspace, sources: Sequence[Source], codebook: Codebook, file: Path, contents: Contents,
    codes_given: Mapping[str, str], names_given: Mapping[str, str], coder: str,
) -> ImportResult:  # fmt: skip
    from corpus.store.pdf_store import Holdings
    from exchange.readers.code_matching import CodeBookOfOthers, Sources
    from exchange.readers.import_codings import import_codings
    from extract.cache import load_document

    held = {holding.source_id: holding.sha256 for holding in Holdings(workspace)}
    documents = {key: document for key, sha in held.items() if (document := load_document(workspace, sha))}
    return import_codings(
        contents, codes=CodeBookOfOthers(codebook, codes_given), sources=Sources(sources, held, names_given),
        documents=documents, codebook=codebook, origin=file.name, coder=coder,
    )  # fmt: skip


def _record(workspace: Workspace, codebook: Codebook, arrival: ImportResult) -> tuple[int, int]:
    from annotations.log.open_log import open_log
    from models.codebook.revisions import keep_revision

    if arrival.decisions:
        keep_revision(workspace, codebook)  # every decision carries its hash
    with open_log(workspace) as log:
        recorded = log.record(arrival.decisions)
    return recorded.added, recorded.known


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    pairs = {}
    for pair in given:
        name, equals, meant = pair.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f'{option} {pair!r}: write it as {option} "their name=ours"')
        pairs[name.strip()] = meant.strip()
    return pairs


def _as_json(arrival: ImportResult, contents: Contents, added: int, known: int, *, dry_run: bool) -> dict[str, Any]:
    placed = arrival.placed
    quotes = sum(count for how, count in placed.items() if how != "whole study")
    return {
        "added": added, "known": known, "dry_run": dry_run, "decisions": len(arrival.decisions), "quotes": quotes,
        "quotes_found": placed["exact"] + placed["fuzzy"], "quotes_exact": placed["exact"],
        "quotes_fuzzy": placed["fuzzy"], "quotes_not_found": placed["not found"],
        "quotes_without_a_text_yet": placed["no text here yet"], "whole_studies": placed["whole study"],
        "codes": {name: {"theme": m.theme, "value": m.value, "by": m.by} for name, m in arrival.codes.items()},
        "sources": arrival.sources, "left_out": dict(arrival.left_out), "unused_columns": contents.unused,
        "fuzzy": arrival.fuzzy, "not_found": arrival.not_found,
    }  # fmt: skip


def _tell(arrival: ImportResult, contents: Contents, added: int, known: int, *, dry_run: bool) -> None:
    guessed = {name: meaning for name, meaning in arrival.codes.items() if meaning.by != "same name"}
    print_table(
        ("code in the file", "theme", "because"),
        [(name, meaning.theme or "left out", _why(meaning.by)) for name, meaning in guessed.items()],
    )
    if dry_run:
        click.echo(
            f"{counted(len(arrival.decisions), 'decision')} would be brought in (--dry-run: nothing was recorded)"
        )
    else:
        click.echo(f"{counted(added, 'decision')} added, {known} known already")
    placed = arrival.placed
    if quotes := sum(count for how, count in placed.items() if how != "whole study"):
        click.echo(
            f"{quotes} with a quote: {placed['exact']} found word for word, {placed['fuzzy']} nearly so, "
            f"{placed['not found']} not found (kept, shown as orphaned), {placed['no text here yet']} of sources whose "
            "text is not here yet"
        )
    for what, told in (("nearly so", arrival.fuzzy), ("not found", arrival.not_found)):
        for where, quote in told[:_MOST_TOLD]:
            click.echo(f"  {what}: {where}: “{quote[:_SHOWN]}{'…' if len(quote) > _SHOWN else ''}”")
        if len(told) > _MOST_TOLD:
            click.echo(f"  {what}: {len(told) - _MOST_TOLD} more, listed by --json")
    for what, count in arrival.left_out.items():
        click.echo(f"{count} not brought in: {what}")
    if contents.unused:
        click.echo(f"columns that mean nothing here: {', '.join(contents.unused)}")


def _why(by: str) -> str:
    return {"given": "you said so", "a code above it": "the code above it is"}.get(by, by)
