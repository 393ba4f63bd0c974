"""Writes the reference pages anew from the code: `make reference`. A test says where they differ from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from docs.generator.commands import commands_page
from docs.generator.files import files_page, schema_files
from docs.generator.paper_sources import paper_sources_page
from docs.generator.settings import settings_page
from docs.generator.states import errors_page, states_page

FOLDER = Path(__file__).parent / "reference"


def reference_pages() -> Mapping[str, str]:
    """Path below `docs/reference` -> content."""
    return {
        "commands.md": commands_page(),
        "settings.md": settings_page(),
        "files.md": files_page(),
        "states.md": states_page(),
        "errors.md": errors_page(),
        "../paper-sources.md": paper_sources_page(),
        **{f"schemas/{name}": content for name, content in schema_files()},
    }


def main() -> None:
    """Write what changed, and take away schemas that are no more."""
    made = reference_pages()
    for path in (FOLDER / "schemas").glob("*.json"):
        if f"schemas/{path.name}" not in made:
            path.unlink()
    for name, content in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
            print(path)


if __name__ == "__main__":
    main()
