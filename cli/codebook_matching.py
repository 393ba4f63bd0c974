"""What the codes of a colleague's codebook are here: told, never changed by itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import click
import tomli_w

from cli.output import print_json, print_table
from exchange.readers.code_matching import CodeBookOfOthers, CodeMatch
from exchange.readers.refi_project import FoundCode, read_codebook
from models.codebook.codebook import Codebook

_LONGEST_CODE = 12


def tell_codes(file: Path, codebook: Codebook, given: Mapping[str, str], *, as_json: bool) -> None:
    """Print which code is which theme, and how the others could become themes."""
    ours = CodeBookOfOthers(codebook, given)
    found = [code for code in read_codebook(file) if code.codable]
    meant = [(code, ours.meaning((code.name, *code.parents), code.guid)) for code in found]
    unknown = [code for code, meaning in meant if meaning is None]
    proposal = tomli_w.dumps({"theme": _themes(unknown, codebook.codes)}) if unknown else ""
    if as_json:
        codes = [{"code": code.name, "theme": m.theme if m else None, "by": m.by if m else ""} for code, m in meant]
        print_json({"codes": codes, "proposal": proposal})
        return
    print_table(("code in the file", "theme", "because"), [(code.name, *_told(meaning)) for code, meaning in meant])
    click.echo(f"{len(found) - len(unknown)} of {len(found)} codes are themes here. Nothing was changed.")
    for code in unknown:
        click.echo(f'unknown: {code.name!r}: when importing codings, --map "{code.name}=THEME" says what it is')
    if proposal:
        click.echo("\nOr make themes of them, by adding this to the review's codebook.toml:\n")
        click.echo(proposal)


def _told(meaning: CodeMatch | None) -> tuple[str, str]:
    if meaning is None:
        return "?", "unknown"
    return meaning.theme or "left out", meaning.by


def _themes(codes: Sequence[FoundCode], taken: Collection[str]) -> list[dict[str, object]]:
    used = set(taken)
    made: list[dict[str, object]] = []
    for code in codes:
        short = _short(code.name, used)
        used.add(short)
        definition = code.description.strip() or f"The passage speaks of: {code.name}."
        made.append(
            {"code": short, "name": code.name, "definition": definition, "include": [], "exclude": [], "examples": []}
        )
    return made


def _short(name: str, used: Collection[str]) -> str:
    """A short code for a name: the initials of several words, the beginning of one; numbered where taken."""
    words = re.findall(r"[A-Za-z]+", name)
    base = ("".join(w[0] for w in words) if len(words) > 1 else "".join(words)[:4]).upper()[:_LONGEST_CODE] or "NEW"
    return next(code for n in range(1, 10_000) if (code := base if n == 1 else f"{base[:8]}{n}") not in used)
