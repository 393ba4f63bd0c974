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
def trained_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `models/` folder with the shipped model, trained once for all processes that test: it takes half a minute."""
    from models.model_store import current_model

    own = tmp_path_factory.getbasetemp()
    place = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "trained"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the others wait, and find it made
        current_model(Workspace(place, Review(shipped_sources=False)))
    return place / "models"


@pytest.fixture
def with_model(trained_models: Path) -> Callable[[Path], Path]:
    """Put the trained model into a workspace's folder, so that a test need not train it; returns the folder."""

    def give(folder: Path) -> Path:
        shutil.copytree(trained_models, folder / "models", dirs_exist_ok=True)
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
