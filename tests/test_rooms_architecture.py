"""The rooms: imports point one way, Prefect stays in flows, and no module shadows the standard library."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("corpus", "extract", "models", "annotations", "synthesis", "review", "flows")
# The word of the field for it. As part of a package it shadows nothing; only a script started inside the room's folder
# would meet it, and there is none.
SAME_WORD = {"annotations/queue.py"}
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def _imported(path: Path) -> set[str]:
    """Top-level names of everything a file imports, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: rooms import each other by name, not relatively"
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_imports_only_itself_and_the_rooms_before_it(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    later = set(ROOMS[ROOMS.index(room) + 1 :])
    assert not _imported(path) & later
    if room != "flows":
        assert "prefect" not in _imported(path)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_is_named_after_one_of_the_standard_library(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() not in SAME_WORD:
        assert path.stem not in sys.stdlib_module_names


def test_every_room_is_there_and_its_init_only_says_what_it_is() -> None:
    for room in ROOMS:
        body = ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8")).body
        assert len(body) == 1, room
        assert isinstance(body[0], ast.Expr), room
