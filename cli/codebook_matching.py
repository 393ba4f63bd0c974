"""What the codes of a colleague's codebook are here: told, never changed by itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from cli.output import print_json, print_table
from exchange.readers.code_matching import CodeBookOfOthers, CodeMatch
from exchange.readers.new_themes import propose_themes, themes_toml
from exchange.readers.refi_codes import read_codebook
from models.codebook.codebook import Codebook


def tell_codes(file: Path, codebook: Codebook, given: Mapping[str, str], *, as_json: bool) -> None:
    """Print which code is which theme, and how the others could become themes."""
    ours = CodeBookOfOthers(codebook, given)
    found = [code for code in read_codebook(file) if code.codable]
    meant = [(code, ours.meaning((code.name, *code.parents), code.guid)) for code in found]
    unknown = [code for code, match in meant if match is None]
    proposal = ""
    if unknown:
        proposal = themes_toml(propose_themes({code.name: code.description for code in unknown}, codebook.codes))
    if as_json:
        codes = [{"code": code.name, "theme": m.theme if m else None, "by": m.by if m else ""} for code, m in meant]
        print_json({"codes": codes, "proposal": proposal})
        return
    print_table(("code in the file", "theme", "because"), [(code.name, *_theme_of(match)) for code, match in meant])
    click.echo(f"{len(found) - len(unknown)} of {len(found)} codes are themes here. Nothing was changed.")
    for code in unknown:
        click.echo(f'unknown: {code.name!r}: when importing codings, --map "{code.name}=THEME" says what it is')
    if proposal:
        click.echo("\nOr make themes of them, by adding this to the review's codebook.toml:\n")
        click.echo(proposal)


def _theme_of(match: CodeMatch | None) -> tuple[str, str]:
    if match is None:
        return "?", "unknown"
    return match.theme or "left out", match.by
