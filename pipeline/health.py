"""Is everything there that a review needs on this machine? Each check says what was found and what to do."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from corpus.errors import JaizaError, WorkspaceBusyError
from corpus.store.workspace_lease import check_free
from corpus.workspace import Workspace
from pipeline.intake.take_files import CONVERTER

State = Literal["fine", "could be better", "does not work"]

_ELSEWHERE = ("192.0.2.1", 443)  # an address for documentation (RFC 5737), which is nobody's
_LEAST_FREE_MB = 500  # on the disk of the review; a run of 25 reports writes some 150
_NEEDED_PYTHON = (3, 11)
# What Prefect 3.8 does not work with, as measured: flows fail, or schedules never fire.
_TOO_NEW = {"fastapi": (0, 151), "sqlalchemy": (2, 1)}


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing that was looked at."""

    name: str  # for example "text recognition"
    state: State
    found: str  # what is there, in a few words
    remedy: str = ""  # what to do; empty where nothing needs doing


def check_health(workspace: Workspace) -> Iterator[HealthCheck]:
    """Look at everything that a review needs, one after the other; makes no connection to other machines.

    A check that fails unexpectedly is told as one that does not work, and the next is made all the same.
    """
    checks: tuple[tuple[str, Callable[[Workspace], HealthCheck]], ...] = (
        ("Python", _python),
        ("the review's folder", _folder),
        ("disk", _disk),
        ("decision log", _log),
        ("sentence encoder", _encoder),
        ("text recognition", _recognition),
        ("converter", _converter),
        ("fonts", _fonts),
        ("network", _network),
        ("Prefect", _prefect),
        ("at work", _at_work),
    )
    for name, look in checks:
        try:
            yield look(workspace)
        except JaizaError as error:
            yield HealthCheck(name, "does not work", str(error))
        except Exception as error:
            yield HealthCheck(name, "does not work", f"{type(error).__name__}: {error}")


def _python(_: Workspace) -> HealthCheck:
    found = sys.version.split()[0]
    if sys.version_info >= _NEEDED_PYTHON:
        return HealthCheck("Python", "fine", found)
    return HealthCheck("Python", "does not work", found, "install Python 3.11 or newer, then `make clean setup`")


def _folder(workspace: Workspace) -> HealthCheck:
    name = "the review's folder"
    try:
        with tempfile.TemporaryFile(dir=workspace.root):
            return HealthCheck(name, "fine", f"{workspace.root} can be read and written")
    except OSError as error:
        remedy = "name a folder of yours with --workspace, or have its owner let you write to it"
        return HealthCheck(name, "does not work", f"{workspace.root}: {error.strerror}", remedy)


def _disk(workspace: Workspace) -> HealthCheck:
    there = next(folder for folder in (workspace.root, *workspace.root.parents) if folder.exists())
    free = shutil.disk_usage(there).free // 1_000_000
    if free >= _LEAST_FREE_MB:
        return HealthCheck("disk", "fine", f"{free / 1000:,.1f} GB free")
    return HealthCheck("disk", "does not work", f"{free} MB free", "free some space: a run stops where none is left")


def _log(workspace: Workspace) -> HealthCheck:
    from annotations.log.database_address import without_password
    from annotations.log.open_log import open_log

    with open_log(workspace) as log:
        events = len(log.entries())
    return HealthCheck("decision log", "fine", f"{without_password(workspace.database_url)}, {events} events")


def _encoder(_: Workspace) -> HealthCheck:
    from models.encoder.sentence_encoder import LARGE, encoder_ids
    from pipeline.runs.model_notice import LARGE_MISSING

    found = encoder_ids()
    if found:
        remedy = "" if LARGE in found else LARGE_MISSING
        return HealthCheck("sentence encoder", "fine", ", ".join(found.values()), remedy)
    why = "switched off (JAIZA_ENCODER=off)" if os.environ.get("JAIZA_ENCODER") == "off" else "not installed"
    return HealthCheck(
        "sentence encoder", "could be better", why, "`make clean setup`; without it models know words only"
    )


def _recognition(_: Workspace) -> HealthCheck:
    from extract.readers.ocr_engine import INSTALL, available

    engine = available()
    if engine:
        return HealthCheck("text recognition", "fine", engine.name)
    return HealthCheck(
        "text recognition", "could be better", "not installed: scanned pages are not read", f"`{INSTALL}`"
    )


def _converter(_: Workspace) -> HealthCheck:
    program = shutil.which(CONVERTER)
    if program:
        return HealthCheck("converter", "fine", program)
    found = "LibreOffice is not installed: Word, HTML and text files are not taken"
    return HealthCheck("converter", "could be better", found, "install LibreOffice, or save such files as PDFs")


def _fonts(_: Workspace) -> HealthCheck:
    import matplotlib

    font = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    if font.is_file():
        return HealthCheck("fonts", "fine", "DejaVu Sans, which comes with matplotlib")
    return HealthCheck("fonts", "could be better", f"{font} is not there: figures look otherwise", "`make clean setup`")


def _network(_: Workspace) -> HealthCheck:
    """Is there a way out? A datagram socket that is connected sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError as error:
            found = f"no way out ({error.strerror}): nothing is fetched or looked up"
            return HealthCheck("network", "could be better", found, "connect this machine, or give the PDFs by hand")
    return HealthCheck("network", "fine", "there is a way out; nothing was sent")


def _prefect(_: Workspace) -> HealthCheck:
    for package, limit in _TOO_NEW.items():
        found = version(package)
        if tuple(int(part) for part in found.split(".")[:2]) >= limit:
            return HealthCheck(
                "Prefect",
                "does not work",
                f"{package} {found} is too new for it",
                "`make clean setup` installs the lock",
            )
    try:
        return HealthCheck("Prefect", "fine", version("prefect"))
    except PackageNotFoundError:
        return HealthCheck("Prefect", "does not work", "not installed", "`make clean setup`, or run --without-prefect")


def _at_work(workspace: Workspace) -> HealthCheck:
    try:
        check_free(workspace)
    except WorkspaceBusyError as error:
        return HealthCheck("at work", "could be better", str(error), "wait until it has ended; reading goes on")
    return HealthCheck("at work", "fine", "nobody")
