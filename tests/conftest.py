"""Fixtures shared by tests of several rooms."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from corpus.workspace import Review, Workspace
from support import postgres

os.environ["JAIZA_LARGE_ENCODER"] = "off"  # no test needs 404 MB from the package index, or waits for it to read
os.environ["JAIZA_OCR"] = "off"  # the same results on machines with and without the program; tests of OCR ask for it


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """`made_once(name, make)`: a folder that `make` has filled, the same for all processes that test.

    What takes long is not made by each of them. Nobody may change what is in it.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own

    def give(name: str, make: Callable[[Path], object]) -> Path:
        place, made = shared / name, shared / f"{name}.made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the others wait, and find it made
            if not made.exists():
                shutil.rmtree(place, ignore_errors=True)  # of a try that failed
                place.mkdir()
                make(place)
                made.touch()
        return place

    return give


@pytest.fixture(scope="session")
def trained_models(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A `models/` folder with the shipped model: training takes half a minute."""
    from models.model_store import current_model

    return made_once("trained", lambda place: current_model(Workspace(place, Review(shipped_sources=False)))) / "models"


@pytest.fixture(scope="session")
def drawn_figures(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A folder in which figures are kept by what they look like, so that each is drawn in all formats only once."""
    return made_once("figures", lambda place: None)


@pytest.fixture
def with_model(trained_models: Path, drawn_figures: Path) -> Callable[[Path], Path]:
    """Put the trained model and the kept figures into a workspace's folder, and return the folder."""

    def give(folder: Path) -> Path:
        shutil.copytree(trained_models, folder / "models", dirs_exist_ok=True)
        if not (folder / "figures").exists():
            (folder / "figures").symlink_to(drawn_figures)
        return folder

    return give


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[str]:
    """The socket folder of a PostgreSQL server that runs for the session."""
    if not postgres.program("initdb"):
        pytest.skip("PostgreSQL is not installed (apt install postgresql)")
    with postgres.server() as folder:
        yield folder


_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once of each kind that Jaiza keeps its log in."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'annotations.db'}"
    return postgres.new_database(request.getfixturevalue("postgres_folder"), f"review_{next(_numbers)}")
