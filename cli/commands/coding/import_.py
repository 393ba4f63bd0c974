"""`jaiza import`: codings that people made elsewhere, as decisions of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.command import FAILED, Options, command
from cli.import_output import import_json, print_import
from cli.output import print_json
from corpus.errors import DataFileError, JaizaError
from extract.document import Document
from pipeline.open_review import open_review
from synthesis.humanize import counted

if TYPE_CHECKING:
    from corpus.workspace import Workspace
    from exchange.readers.code_matching import CodeBookOfOthers, Sources
    from exchange.readers.foreign_codings import Contents
    from exchange.readers.import_codings import ImportResult, Names
    from exchange.readers.name_map import NameMap
    from models.codebook.codebook import Codebook, Theme

_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_JUDGEMENTS_ONLY = (
    "A table carries judgements only: not who had seen what or was done, no memos, no codes of one's own. A copy of "
    "this review comes in whole with `jaiza merge OTHER`"
)


@command("import", example='jaiza import interviews.qdpx --map "Poor administration=GW"', reads=True)
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
@click.option(
    "--codes",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="CSV",
    help="A list of all codes, documents and people of the file with what each is here. Where it is not there yet, it "
    "is written for you to fill in, and nothing is brought in.",
)
@click.option("--coder", default="", help="Who coded, where the file does not say.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be brought in.")
@click.option("--undo", is_flag=True, help="Take back what was last brought in from a file of this name.")
def import_command(
    options: Options,
    *,
    file: Path,
    maps: tuple[str, ...],
    sources_given: tuple[str, ...],
    codes: Path | None,
    coder: str,
    dry_run: bool,
    undo: bool,
) -> None:
    """Bring in the codings of FILE as decisions of their coders, in one act that --undo takes back.

    Where a code or a document is not known here, nothing is brought in until you say what it is. A coding that is
    wrong in itself (of no words, in a text that is missing) is told and passed over.

    \b
    .qdpx        a REFI-QDA project from NVivo, ATLAS.ti, MAXQDA, QualCoder ...
    .csv, .xlsx  a table with the columns source, theme, value (0, 1, 2; empty takes a judgement back),
                 coder and, if wanted, role, quote, page, note, decided; a list of coded segments or a
                 code-document table from another program; or a table of studies by themes
    .pdf         a source's PDF in which passages were highlighted, the code in the comment
    .qdc         a REFI-QDA codebook: tells which of its codes are themes here, and changes nothing
    """
    from exchange.readers.code_matching import CodeBookOfOthers, Sources
    from exchange.readers.import_codings import Names
    from models.codebook.codebook import load_codebook

    workspace, sources = open_review(options.workspace)
    if undo:
        _undo(workspace, file, as_json=options.json)
        return
    codebook = load_codebook(workspace)
    given = _given(maps, sources_given, codes)
    if file.suffix.casefold() == ".qdc":
        from cli.codebook_matching import tell_codes

        tell_codes(file, codebook, given.codes, as_json=options.json)
        return
    themes = _new_themes(given, codebook)
    codebook = replace(codebook, themes=(*codebook.themes, *themes))
    library = _Library.of(workspace)
    ours = CodeBookOfOthers(codebook, given.codes)
    theirs = Sources(sources, library.shas, given.documents)
    contents = _read(file, ours)
    if codes and not codes.exists():
        _write_draft(codes, contents, ours, theirs, given)
        return
    result = _imported(contents, Names(ours, theirs, given.people, given.weights, coder), library, codebook, file)
    if result.problems:
        _refuse(result, file)
    added, known = (0, 0) if dry_run else _record(workspace, codebook, themes, result, file, library)
    if options.json:
        print_json(import_json(result, contents, added, known, dry_run=dry_run))
    else:
        print_import(result, contents, added, known, dry_run=dry_run)
        _tell_limits(file)
    if result.passed_over and not result.decisions:
        click.get_current_context().exit(FAILED)


def _tell_limits(file: Path) -> None:
    """Say what a table can't carry."""
    if file.suffix.casefold() in _TABLES:
        click.echo(_JUDGEMENTS_ONLY)


class _Library(Mapping[str, Document]):
    """The texts of the sources, each loaded when it is asked for and kept."""

    def __init__(self, workspace: Workspace, shas: Mapping[str, str]) -> None:
        self._workspace, self.shas = workspace, shas
        self._loaded: dict[str, Document | None] = {}

    @classmethod
    def of(cls, workspace: Workspace) -> _Library:
        from corpus.store.pdf_store import Holdings

        return cls(workspace, {holding.source_id: holding.sha256 for holding in Holdings(workspace)})

    def __getitem__(self, source_id: str) -> Document:
        from extract.cache import load_document

        if source_id not in self._loaded:
            sha256 = self.shas.get(source_id)
            self._loaded[source_id] = load_document(self._workspace, sha256) if sha256 else None
        document = self._loaded[source_id]
        if document is None:
            raise KeyError(source_id)
        return document

    def __iter__(self) -> Iterator[str]:
        return iter(self.shas)

    def __len__(self) -> int:
        return len(self.shas)


def _read(file: Path, ours: CodeBookOfOthers) -> Contents:
    from exchange.readers.read_file import read_codings

    return read_codings(file, is_code=ours.knows)


def _given(maps: Sequence[str], sources_given: Sequence[str], codes: Path | None) -> NameMap:
    """What the user said of names: in the list, then in the options, which count where both say something."""
    from exchange.readers.name_map import NameMap, merged, read_name_map

    told = NameMap(codes=_pairs(maps, "--map"), documents=_pairs(sources_given, "--source"))
    return merged([read_name_map(codes) if codes and codes.exists() else NameMap(), told])


def _new_themes(given: NameMap, codebook: Codebook) -> list[Theme]:
    """The themes that "new" in the list asks for; the codes are then known by their names."""
    if not given.new:
        return []
    from exchange.readers.code_matching import path_of
    from exchange.readers.new_themes import propose_themes

    names = {name: [*path_of(name), name][1] for name in given.new}
    themes = propose_themes(dict.fromkeys(names.values(), ""), codebook.codes)
    by_name = {theme.name: theme.code for theme in themes}
    given.codes.update({name: by_name[short] for name, short in names.items()})
    return themes


def _write_draft(path: Path, contents: Contents, ours: CodeBookOfOthers, theirs: Sources, given: NameMap) -> None:
    from exchange.readers.name_map import draft_name_map

    try:
        path.write_bytes(draft_name_map(contents, ours, theirs, given))
    except OSError as error:
        raise JaizaError(f"{path} can't be written ({error.strerror})") from None
    click.echo(
        f"{path} written: fill in the column “here” (a theme, a source, a coder; “leave out”; for a code also “new”), "
        "save it as CSV, and give the same command again. Nothing was brought in"
    )


def _imported(contents: Contents, names: Names, library: _Library, codebook: Codebook, file: Path) -> ImportResult:
    from exchange.readers.import_codings import import_codings

    return import_codings(contents, names=names, documents=library, codebook=codebook, origin=file.name)


def _refuse(result: ImportResult, file: Path) -> None:
    """A line for each problem, and how to go on; ends the command."""
    for problem in result.problems:
        click.echo(f"jaiza: {file}: {problem}", err=True)
    if len(result.problems) > 1:
        named = "; --codes codes.csv writes a list of all names for you to fill in"
        hint = named if len(result.unknown_codes) + len(result.unknown_sources) > 1 else ""
        click.echo(f"jaiza: {file}: nothing was brought in, because of these {len(result.problems)}{hint}", err=True)
    click.get_current_context().exit(FAILED)


def _record(
    workspace: Workspace,
    codebook: Codebook,
    themes: Sequence[Theme],
    result: ImportResult,
    file: Path,
    library: _Library,
) -> tuple[int, int]:
    from annotations.log.open_log import open_log
    from exchange.readers.new_themes import add_themes
    from exchange.readers.undo_import import record_import
    from models.codebook.revisions import keep_revision
    from pipeline.record_decisions import with_followed
    from pipeline.requeue import settle

    if themes and result.decisions:
        click.echo(f"{counted(len(themes), 'theme')} added to {add_themes(workspace, themes)}", err=True)
    if result.decisions:
        keep_revision(workspace, codebook)  # every decision carries its hash
    with open_log(workspace) as log:
        made = with_followed(log, result.decisions, library)
        recorded = record_import(log, made, file.name)
        settle(log, made)
    return recorded.added, recorded.known


def _undo(workspace: Workspace, file: Path, *, as_json: bool) -> None:
    from annotations.log.open_log import open_log
    from exchange.readers.undo_import import undo_import

    with open_log(workspace) as log:
        recorded = undo_import(log, file.name)
    if recorded is None:
        raise DataFileError(file.name, "", "nothing that counts now was brought in from a file of this name")
    if as_json:
        print_json({"taken_back": recorded.added})
    else:
        click.echo(f"{counted(recorded.added, 'decision')} taken back; the log keeps both acts")


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    pairs = {}
    for pair in given:
        name, equals, meant = pair.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f'{option} {pair!r}: write it as {option} "their name=ours"')
        pairs[name.strip()] = meant.strip()
    return pairs
