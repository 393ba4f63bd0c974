"""The program on this machine that reads pictures of pages. Light: most runs only ask whether there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache

INSTALL = "apt install tesseract-ocr"  # the one command, on Debian and Ubuntu, where a system administrator gives it
LANGUAGE = "eng"  # other languages are not coded, and each more makes reading slower and the words worse
_SECONDS_TO_ASK = 20.0


@dataclass(frozen=True, slots=True)
class Engine:
    """A program that reads pictures."""

    program: str  # path
    name: str  # with its version, for example "tesseract 5.3.0"


def available() -> Engine | None:
    """The program that reads pictures of pages on this machine; None where it or its English data is missing.

    The environment variable JAIZA_OCR may say where the program is, or "off".
    """
    named = os.environ.get("JAIZA_OCR") or "tesseract"
    program = None if named == "off" else shutil.which(named)
    return _asked(program) if program else None


@lru_cache(maxsize=4)
def _asked(program: str) -> Engine | None:
    """What `program` says of itself."""
    answers = []
    for question in ("--version", "--list-langs"):
        try:
            done = subprocess.run([program, question], capture_output=True, timeout=_SECONDS_TO_ASK, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        answers.append((done.stdout or done.stderr).decode(errors="replace").split())
    version, languages = answers
    return Engine(program, " ".join(version[:2])) if LANGUAGE in languages else None
