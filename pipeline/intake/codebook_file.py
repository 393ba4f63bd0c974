"""A codebook that somebody has already, as the codebook of a new review: REFI-QDA, Excel, or that of another review."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import DataFileError
from corpus.workbook import read_workbook
from exchange.readers.refi_codes import read_codebook as read_codes
from models.codebook.codebook import read_codebook
from pipeline.intake.new_review import NewTheme, codebook_of

KINDS = (".qdc", ".qdpx", ".xlsx", ".toml")
_NAMES, _DEFINITIONS = ("name", "theme", "code"), ("definition", "description", "meaning")  # heads of columns


@dataclass(frozen=True, slots=True)
class GivenCodebook:
    """What was read from a file."""

    themes: tuple[NewTheme, ...]
    left_out: int = 0  # codes under another code: they are made again while people read
    content: bytes = b""  # of a codebook.toml, which is taken as it is, with its rules and examples

    def as_file(self, title: str) -> bytes:
        """The content of the codebook.toml of a review called `title`."""
        return self.content or codebook_of(title, self.themes)


def codebook_in(path: Path, name: str) -> GivenCodebook:
    """The codebook in the file at `path`, which its owner calls `name`. DataFileError: there is none in it."""
    kind = Path(name).suffix.casefold()
    if kind == ".toml":
        themes = tuple(NewTheme(one.name or one.code, one.definition) for one in read_codebook(path).themes)
        return GivenCodebook(themes, content=path.read_bytes())
    if kind in (".qdc", ".qdpx"):
        found = _coded(path.rename(path.with_name(f"{path.name}{kind}")))
    elif kind == ".xlsx":
        found = GivenCodebook(_rows(path))
    else:
        raise DataFileError(Path(name), "", "is no codebook that can be read here", f"There is {', '.join(KINDS)}")
    if not found.themes:
        raise DataFileError(Path(name), "", "has no codes", "Write a theme in each row: its name, and what it means")
    return found


def _coded(path: Path) -> GivenCodebook:
    """The codes that stand under no other one; folders of codes are passed through."""
    try:
        codes = [code for code in read_codes(path) if code.codable and code.name.strip()]
    finally:
        path.unlink(missing_ok=True)
    names = {code.name for code in codes}
    themes = [code for code in codes if names.isdisjoint(code.parents)]
    made = (NewTheme(" ".join(code.name.split()), code.description.strip()) for code in themes)
    return GivenCodebook(tuple(made), left_out=len(codes) - len(themes))


def _rows(path: Path) -> tuple[NewTheme, ...]:
    """A theme a row of the first sheet: its name and what it means, under such heads or in the first two columns."""
    sheets = read_workbook(path.read_bytes(), path, computed=True)
    rows = [row.cells for row in sheets[0].rows] if sheets else []
    name, definition = 0, 1
    heads = [cell.strip().casefold() for cell in rows[0]] if rows else []
    if any(head in _NAMES for head in heads):
        name = next(place for place, head in enumerate(heads) if head in _NAMES)
        definition = next((place for place, head in enumerate(heads) if head in _DEFINITIONS), -1)
        rows = rows[1:]
    found = ((_cell(row, name), _cell(row, definition)) for row in rows)
    return tuple(NewTheme(one, meaning) for one, meaning in found if one)


def _cell(row: tuple[str, ...], place: int) -> str:
    return " ".join(row[place].split()) if 0 <= place < len(row) else ""
