"""`jaiza export`: the review as a file for another program."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError, UnknownChoiceError, choose
from corpus.workspace import Workspace
from exchange.formats import FORMATS
from pipeline.export import ExportMaterial
from pipeline.open_review import open_review


@command("export", example="jaiza export qdpx --profile pdf --out review.qdpx", reads=True)
@click.argument("format_name", metavar="FORMAT", required=False)
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file to write (default: in the workspace's out/exports)."
)
@click.option(
    "--profile", type=click.Choice(["text", "pdf"]), default="text",
    help="Of qdpx: plain texts that every program reads, or the PDFs with rectangles (text).",
)  # fmt: skip
@click.option("--without-suggestions", is_flag=True, help="Only what people coded, not what the machine suggests.")
@click.option(
    "--include-proposed", is_flag=True, help="Let the machine's proposals fill cells nobody has judged, marked as such."
)
@click.option("--theme", "themes", multiple=True, metavar="THEME", help="Only codings with this theme; repeatable.")
@click.option("--study", "studies", multiple=True, metavar="SOURCE", help="Only this study, by its id; repeatable.")
@click.option(
    "--value", "values", type=click.IntRange(0, 2), multiple=True,
    help="Only codings of this strength (0 judged absent, 1 mentioned, 2 with evidence); repeatable.",
)  # fmt: skip
@click.option("--coder", "coders", multiple=True, metavar="NAME", help="Only this coder's codings; repeatable.")
def export_command(
    options: Options,
    *,
    format_name: str | None,
    out: Path | None,
    profile: str,
    without_suggestions: bool,
    include_proposed: bool,
    themes: tuple[str, ...],
    studies: tuple[str, ...],
    coders: tuple[str, ...],
    values: tuple[int, ...],
) -> None:
    """Write the review as a file for another program. Without FORMAT: list the formats.

    Formats made of codings can be narrowed down to themes, studies, coders and strengths.
    """
    if format_name is None:
        _list(options)
        return
    if format_name not in FORMATS:
        raise UnknownChoiceError("format", format_name, FORMATS)
    workspace, sources = open_review(options.workspace)
    if not sources:
        raise JaizaError(
            "this review has no sources yet, so there is nothing to export: `jaiza sources add --title ...`"
        )
    ids = [source.id for source in sources]
    studies = tuple(choose("study", study, ids) for study in studies)
    material = ExportMaterial(
        workspace,
        profile=profile,
        suggestions=not without_suggestions,
        include_proposed=include_proposed,
        themes=themes,
        studies=studies,
        coders=coders,
        values=values,
    )
    _check_choice(format_name, material)
    path = out or default_path(workspace, format_name)
    if not out and len(studies) == 1 and FORMATS[format_name].one_study:
        path = path.with_name(studies[0] + FORMATS[format_name].one_study)
    size = write_export(format_name, material, path)
    if options.json:
        print_json({"format": format_name, "file": str(path), "bytes": size})
    else:
        click.echo(f"{path} ({size / 1000:,.0f} kB)")


def _check_choice(format_name: str, material: ExportMaterial) -> None:
    """UnknownChoiceError for a theme that is not there; JaizaError where a format is not made of codings."""
    if not (material.themes or material.studies or material.coders or material.values):
        return
    if not FORMATS[format_name].by_coding:
        named = ", ".join(name for name, form in FORMATS.items() if form.by_coding)
        raise JaizaError(
            f"{format_name} is always of the whole review; themes, studies, coders and strengths choose in {named}"
        )
    for theme in material.themes:
        if theme not in material.codebook.codes:
            raise UnknownChoiceError("theme", theme, material.codebook.codes)


def default_path(workspace: Workspace, format_name: str) -> Path:
    """Where an export goes that was given no name."""
    return workspace.out / "exports" / FORMATS[format_name].file


def write_export(format_name: str, material: ExportMaterial, path: Path) -> int:
    """Write the export whole or not at all; returns its size in bytes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:80]}.", suffix=".part")
    except OSError as error:
        raise JaizaError(f"{path} can't be written ({error.strerror})") from None
    try:
        with os.fdopen(handle, "w+b") as stream:
            _written(format_name, material, stream)
            size = stream.seek(0, os.SEEK_END)
            stream.flush()
            os.fsync(stream.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except OSError as error:
        raise JaizaError(f"{path} can't be written ({error.strerror})") from None
    finally:
        Path(part).unlink(missing_ok=True)
    return size


def _written(format_name: str, material: ExportMaterial, stream: BinaryIO) -> None:
    FORMATS[format_name].write(material, stream)


def _list(options: Options) -> None:
    if options.json:
        print_json({name: {"file": form.file, "opens_in": form.opens_in} for name, form in FORMATS.items()})
        return
    print_table(("format", "opens in"), [(name, form.opens_in) for name, form in FORMATS.items()])
