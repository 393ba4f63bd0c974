"""What reading a reference list gives: works, and the records that could not be used, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.registry.work import Work


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that can't be taken, and why."""

    place: str  # in its file, for example "record 3"
    reason: str  # for example "has no title"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader passed over, or read as well as it could, in a record that it took."""

    place: str
    text: str  # for example "a second title was passed over"


# What a reader of one format yields, in the order of the file; as many works and refusals as the file has records.
Found = Work | Refused | Remark


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """The records of one file."""

    format: str  # its name for people, for example "RIS"
    works: tuple[Work, ...]
    refused: tuple[Refused, ...] = ()
    remarks: tuple[Remark, ...] = ()
    encoding: str = ""  # a word on it where it had to be guessed

    @property
    def records(self) -> int:
        """How many records the file has."""
        return len(self.works) + len(self.refused)
