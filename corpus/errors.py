"""Every error Jaiza raises on purpose. Each says what is wrong, where, and what to do about it, in one line.

JaizaError                 the command line prints it as one line and exits with 1
├── DataFileError          a file that people edit (TOML, CSV, JSON lines) has a mistake in it
├── WorkspaceError         the folder of a review can't be used
│   ├── WorkspaceBusyError another run is at work in it
│   └── LogUnavailableError the decision log can't be read or written just now
├── UnknownChoiceError     a name that is not there: the message lists the names that are
├── StoreError             a stored PDF, text or lock file is missing or does not match its hash
├── PullError              a source could not be fetched; carries the state that the outcome table shows
├── AccessError            somebody may not review, or not do this
└── ModelError             a model can't be trained, or does not fit its codebook or library version
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class JaizaError(Exception):
    """A problem that the user can understand and mend."""


class DataFileError(JaizaError):
    """A mistake in a data file: names the file, the place in it, the problem and the remedy."""

    def __init__(self, file: object, where: str, problem: str, remedy: str = "") -> None:
        problem = " ".join(problem.split())  # the words of a library may come on several lines
        self.file, self.where, self.problem, self.remedy = str(file), where, problem, remedy
        place = f"{self.file}: {where}: " if where else f"{self.file}: "
        super().__init__(place + problem + (f". {remedy}" if remedy else ""))


class WorkspaceError(JaizaError):
    """The workspace folder can't be opened, written or understood."""


class WorkspaceBusyError(WorkspaceError):
    """Another run holds the workspace; the message says which."""


class LogUnavailableError(WorkspaceError):
    """The database of the decision log does not answer, is busy or full: the same works once that is over."""


class UnknownChoiceError(JaizaError):
    """A name that does not exist: the message says which do, nearest first."""

    def __init__(self, what: str, given: str, choices: Iterable[str], remedy: str = "") -> None:
        known = list(choices)
        near = difflib.get_close_matches(given, known, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]!r}? " if near else ""
        listed = ", ".join(known) if len(known) <= 30 else f"{', '.join(known[:30])} and {len(known) - 30} more"
        super().__init__(
            f"no {what} {given!r}: {hint}there is {listed or 'none yet'}" + (f". {remedy}" if remedy else "")
        )


def choose(what: str, given: str, known: Iterable[str], remedy: str = "") -> str:
    """The one of `known` that is `given`, or the only one that begins with it; UnknownChoiceError lists them.

    Ids that people type need not be typed whole: "gazdar" is "gazdar-2011" where no other source begins so.
    """
    choices = list(known)
    begins = [one for one in choices if given and one.startswith(given)]
    if given in choices or len(begins) == 1:
        return given if given in choices else begins[0]
    raise UnknownChoiceError(what, given, begins or choices, remedy)


class StoreError(JaizaError):
    """Something stored is missing, unreadable or not what its hash says."""


class PullError(JaizaError):
    """A source could not be had; `state` is the word the outcome table shows."""

    def __init__(self, state: str, message: str) -> None:
        self.state = state
        super().__init__(message)


class ModelError(JaizaError):
    """A model can't be trained or used."""


class AccessError(JaizaError):
    """Somebody who asks may not review, or may not do what they ask for."""
