"""What another program's names mean here: its codes as themes, its documents as sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from annotations.anchor import fold
from corpus.errors import UnknownChoiceError
from corpus.registry.sources import Source
from exchange.readers.foreign_codings import Origin
from exchange.refi_qda import ABSENT, EVIDENCE, RefiCode, source_guid
from models.codebook.codebook import Codebook

LEAVE_OUT = ""  # what a name is mapped to that is not to be brought in
_ENDING = re.compile(r"\.(pdf|txt|docx?|rtf|odt|html?)$", re.IGNORECASE)
# Between a code and those above it: MAXQDA " > " and "\\", NVivo "\\\\", ATLAS.ti "::", Taguette and R ".".
_PATH = re.compile(r"\s+>\s+|\\+|\s*::\s*|(?<=\w)\.(?=\w)")
_LEAST_TITLE = 12  # characters of a title that may stand inside a longer name


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """What a code means here."""

    theme: str  # "" to leave it out
    value: Literal[0, 1, 2] | None  # None: the code says no more than the theme
    by: str  # how it was told: "given", "same name", "a code above it"


class CodeBookOfOthers:
    """Tells themes by the names of codes. `given` are the user's own mappings, "their code" -> "GW" or "GW=2"."""

    def __init__(self, codebook: Codebook, given: Mapping[str, str]) -> None:
        self._given = {fold(name): _meaning(name, meant, codebook) for name, meant in given.items()}
        self._by_guid: dict[str, CodeMatch] = {}
        self._by_name: dict[str, CodeMatch] = {}
        for theme in codebook.themes:
            for value in _VALUES:
                self._by_guid[RefiCode(theme.code, value).guid] = CodeMatch(theme.code, value, "same name")
            plain = CodeMatch(theme.code, None, "same name")
            for name in (theme.code, theme.name, *(f"{theme.code}{between}{theme.name}" for between in _BETWEEN)):
                self._by_name[fold(name)] = plain
            self._by_name[fold(f"{theme.code} {EVIDENCE}")] = CodeMatch(theme.code, 2, "same name")
            self._by_name[fold(f"{theme.code} {ABSENT}")] = CodeMatch(theme.code, 0, "same name")

    def meaning(self, names: Sequence[str], guid: str = "") -> CodeMatch | None:
        """What a code means; `names` are its own and those of the codes above it. None where nothing tells.

        A name that is a path, "Governance > Ghost workers" as MAXQDA writes it, counts as a whole, then by its last
        part, then by those before.
        """
        whole, *parts = path_of(names[0])
        own = {fold(whole), *(fold(part) for part in parts[:1])}
        for place, name in enumerate([whole, *parts, *names[1:]]):
            found = self._given.get(fold(name)) or (self._by_guid.get(guid) if not place else None)
            found = found or self._by_name.get(fold(name))
            if found:
                return found if fold(name) in own else CodeMatch(found.theme, found.value, "a code above it")
        return None

    def knows(self, name: str) -> bool:
        """Is it the name of a theme here, or one that the user gave a meaning?"""
        return self.meaning((name,)) is not None


_VALUES: tuple[Literal[0, 1, 2], ...] = (0, 1, 2)
_BETWEEN = (" ", " - ", ": ", ". ", "-", "_", " / ")


def path_of(name: str) -> list[str]:
    """A code's name, then, where it is a path, its parts, the last first: "A > B" gives "A > B", "B", "A"."""
    parts = [part.strip() for part in _PATH.split(name)]
    return [name, *reversed(parts)] if len(parts) > 1 and all(parts) else [name]


class Sources:
    """Tells sources by what a file says of a document. `given` are the user's own mappings, "their name" -> id."""

    def __init__(self, sources: Sequence[Source], shas: Mapping[str, str], given: Mapping[str, str]) -> None:
        """`shas`: source id -> sha256 of its PDF."""
        self.ids = [source.id for source in sources]
        given = {name: LEAVE_OUT if meant.casefold() == "leave out" else meant for name, meant in given.items()}
        for meant in given.values():
            if meant and meant not in self.ids:
                raise UnknownChoiceError("source", meant, self.ids)
        self._given = {_plain(name): meant for name, meant in given.items()}
        self._by_guid = {source_guid(source.id): source.id for source in sources}
        self._by_sha = {sha: source_id for source_id, sha in shas.items()}
        self._by_name: dict[str, str] = {}
        for source in sources:
            for name in (source.title, source.label, source.id):
                if name:
                    self._by_name[_plain(name)] = source.id
        self._titles = [(plain, s.id) for s in sources if len(plain := _plain(s.title)) >= _LEAST_TITLE]

    def find(self, origin: Origin) -> str | None:
        """The source id; "" to leave the document out; None where nothing tells, or more than one fits."""
        name = _plain(origin.name)
        if name in self._given:
            return self._given[name]
        certain = self._by_guid.get(origin.guid) or self._by_sha.get(origin.sha256) or self._by_name.get(name)
        if certain:
            return certain
        inside = {source_id for title, source_id in self._titles if title in name}
        return inside.pop() if len(inside) == 1 else None


def _plain(name: str) -> str:
    """A name without ending, case, signs and spaces: "Torrand_2021.pdf" gives "torrand 2021"."""
    return " ".join(re.findall(r"[^\W_]+", fold(_ENDING.sub("", name.strip()))))


def _meaning(name: str, meant: str, codebook: Codebook) -> CodeMatch:
    code, _, value = meant.partition("=")
    if meant.casefold() in (LEAVE_OUT, "leave out"):
        return CodeMatch("", None, "given")
    if code not in codebook.codes:
        raise UnknownChoiceError("theme", code, codebook.codes, f"It was given for {name!r}")
    if value not in ("", "0", "1", "2"):
        raise UnknownChoiceError("value", value, ("0", "1", "2"), f"It was given for {name!r}")
    return CodeMatch(code, cast(Literal[0, 1, 2], int(value)) if value else None, "given")
