"""The packages: imports point one way, between them and between their folders, and Prefect stays in flows."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.packages import APART, FOLDERS, PACKAGES

ROOT = Path(__file__).parent.parent.parent
MODULES = {
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
NO_PACKAGES = {"tests", "bench", "docs", "findings", "workspace"}  # folders at the top that hold no part of the program
MOST_LINES, MOST_FUNCTION_LINES, MOST_MODULES = 300, 60, 15
FEWER_LINES_WITH_ANY = 80  # in all packages; what libraries give without types is named once


def _imports(name: str) -> set[str]:
    """Dotted names of the modules that a module imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{name}: packages import each other by name, not relatively"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in MODULES else node.module)
    return found


IMPORTS = {name: _imports(name) for name in MODULES}


def _order(package: str) -> dict[str, int]:
    return {folder: at for at, folders in enumerate(FOLDERS.get(package, ())) for folder in folders}


def _folder(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 2 else ""


@pytest.mark.parametrize("name", MODULES)
def test_a_package_imports_only_itself_and_the_packages_before_it(name: str) -> None:
    package = name.split(".")[0]
    tops = {imported.split(".")[0] for imported in IMPORTS[name]}
    later = set(PACKAGES[PACKAGES.index(package) + 1 :]) | {other for one, other in APART if one == package}
    assert not tops & later
    if package != "flows":
        assert "prefect" not in tops


@pytest.mark.parametrize("name", MODULES)
def test_a_folder_imports_only_itself_and_the_folders_before_it(name: str) -> None:
    package, order = name.split(".")[0], _order(name.split(".")[0])
    if _folder(name) not in order:
        return
    for imported in IMPORTS[name]:
        folder = _folder(imported)
        if imported.split(".")[0] == package and folder in order and folder != _folder(name):
            assert order[folder] < order[_folder(name)], imported


def test_no_two_modules_import_each_other() -> None:
    assert [(one, other) for one in MODULES for other in IMPORTS[one] if one in IMPORTS.get(other, ())] == []


def test_the_one_list_of_packages_and_folders_names_all_there_are() -> None:
    there = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NO_PACKAGES
    assert there == set(PACKAGES)
    for package in PACKAGES:
        folders = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
        assert folders == set(_order(package)), package


def test_every_package_is_there_and_its_init_only_says_what_it_is() -> None:
    for package in PACKAGES:
        body = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8")).body
        assert len(body) == 1, package
        assert isinstance(body[0], ast.Expr), package


@pytest.mark.parametrize("name", MODULES)
def test_no_module_is_named_after_one_of_the_standard_library(name: str) -> None:
    assert name.count(".") > 1 or name.split(".")[-1] not in sys.stdlib_module_names


def test_modules_functions_and_folders_stay_small() -> None:
    lines = {name: path.read_text(encoding="utf-8").count("\n") for name, path in MODULES.items()}
    assert {name for name, count in lines.items() if count > MOST_LINES} == set()
    assert {name for name, length in _functions() if length > MOST_FUNCTION_LINES} == set()
    folders = [path.parent.relative_to(ROOT).as_posix() for path in MODULES.values() if path.name != "__init__.py"]
    assert {folder for folder in folders if folders.count(folder) > MOST_MODULES} == set()


def test_any_stays_rare() -> None:
    lines = {
        (name, node.lineno)
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "Any"
    }
    assert len(lines) < FEWER_LINES_WITH_ANY


def test_one_name_is_one_class_in_all_packages() -> None:
    found: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, set()).add(name)
    assert {name: modules for name, modules in found.items() if len(modules) > 1} == {}


def _functions() -> Iterator[tuple[str, int]]:
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name}.{node.name}", (node.end_lineno or 0) - node.lineno + 1
