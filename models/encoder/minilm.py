"""The small sentence encoder: all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019).

Its weights lie as a file in a package that is never imported, and are checked against the official hash.
"""

from __future__ import annotations

import hashlib
import zipfile
from importlib.util import find_spec
from pathlib import Path

from corpus.errors import ModelError
from models.encoder.safetensors import tensors
from models.encoder.transformer import (
    CONFIG,
    PRECISION,
    THREADS,
    TOKENIZER,
    WEIGHTS,
    TransformerEncoder,
    Vectors,
    threads_allowed,
)

__all__ = [
    "OFFICIAL",
    "PRECISION",
    "THREADS",
    "WEIGHTS",
    "MiniLM",
    "Vectors",
    "installed",
    "packaged",
    "read_files",
    "tensors",
    "threads_allowed",
]

PACKAGE = "all_minilm_l6_v2"
OFFICIAL = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # sha256 of its model.safetensors


def installed() -> bool:
    """Whether the package with the weights and the libraries that run them are there. Imports none of them."""
    return packaged() is not None and runnable()


def runnable() -> bool:
    """Whether the libraries that run encoders are there. Imports none of them."""
    return all(find_spec(name) is not None for name in ("ctranslate2", "tokenizers"))


def packaged() -> Path | None:
    """The archive with the weights, or None."""
    found = find_spec(PACKAGE)
    path = Path(found.origin).parent / "model.zip" if found and found.origin else None
    return path if path and path.is_file() else None


def read_files(folder: Path | None) -> dict[str, bytes]:
    """Weights, tokenizer and configuration, from `folder` or else from the package.

    ModelError: a file is missing, or the package's weights are not the official ones.
    """
    names = (WEIGHTS, TOKENIZER, CONFIG)
    if folder is not None:
        try:
            return {name: (folder / name).read_bytes() for name in names}
        except OSError as error:
            raise ModelError(
                f"the sentence encoder in {folder} can't be read ({error.strerror}: {Path(error.filename).name}): "
                f"JAIZA_ENCODER must name a folder with {', '.join(names)}, or be off"
            ) from None
    archive = packaged()
    if archive is None:
        raise ModelError("the sentence encoder is not installed: run `make setup`, or set JAIZA_ENCODER=off")
    try:
        with zipfile.ZipFile(archive) as held:
            files = {name: held.read(name) for name in names}
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{archive} is damaged ({error}): run `make clean setup`, or set JAIZA_ENCODER=off") from None
    if hashlib.sha256(files[WEIGHTS]).hexdigest() != OFFICIAL:
        raise ModelError(f"the weights in {archive} are not the official ones: run `make clean setup`")
    return files


class MiniLM(TransformerEncoder):
    """The encoder, loaded: some 130 MB, about two seconds. `folder`: other weights than those of the package."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(read_files(folder), name=str(folder or PACKAGE))
