"""The map of the code names what is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from corpus.packages import PACKAGES

ROOT = Path(__file__).parent.parent.parent
_NAME = re.compile(rf"`((?:{'|'.join(PACKAGES)})\.[a-z_.]+)(?::(\w+))?`")
NAMED = sorted({
    (path.name, *match.groups())
    for path in (ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md")
    for match in _NAME.finditer(path.read_text(encoding="utf-8"))
    if not match[1].endswith((".toml", ".db", ".lock"))
})  # fmt: skip


@pytest.mark.parametrize(("document", "module", "name"), NAMED)
def test_every_module_and_function_that_is_named_exists(document: str, module: str, name: str | None) -> None:
    path = ROOT / Path(*module.split(".")).with_suffix(".py")
    path = path if path.is_file() else path.with_suffix("") / "__init__.py"
    assert path.is_file(), f"{document} names {module}"
    names = {
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    assert name is None or name in names, f"{document} names {module}:{name}"


def test_every_package_and_folder_of_the_docs_is_linked_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    missing = [
        path.relative_to(ROOT / "docs").as_posix()
        for path in (ROOT / "docs").rglob("*.md")
        if path.name != "index.md" and f"({path.relative_to(ROOT / 'docs').as_posix()})" not in index
    ]
    assert missing == []
